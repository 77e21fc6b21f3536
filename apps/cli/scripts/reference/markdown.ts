/** A Markdown table. Bars inside cells are escaped, since they would end the cell. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const code = (text: string): string => `\`${text}\``;

/** A page with its title and the mark that it is made by a program. */
export const page = (title: string, ...parts: readonly string[]): string =>
  `<!-- Made from the code by "npm run reference -w apps/cli". Changes by hand are lost. -->\n\n# ${title}\n\n${parts.join('\n\n')}\n`;
