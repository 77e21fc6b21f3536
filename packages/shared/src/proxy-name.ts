/** Names that commands or files already use for something else. */
const reserved: ReadonlySet<string> = new Set(['manager', 'all', 'default']);

/**
 * Why `name` cannot be a proxy's name, as a sentence for a person, or undefined when it can.
 * 1 to 64 letters, digits, `-` or `_`, starting with a letter or digit.
 */
export function proxyNameProblem(name: string): string | undefined {
  if (name.length === 0) return 'A proxy needs a name.';
  if (name.length > 64) return 'A proxy name has at most 64 characters.';
  if (!/^[A-Za-z0-9]/.test(name)) return 'A proxy name starts with a letter or a digit.';
  if (!/^[A-Za-z0-9_-]+$/.test(name)) return 'A proxy name holds only letters, digits, "-" and "_".';
  if (reserved.has(name.toLowerCase())) return `"${name}" is reserved.`;
  return undefined;
}
