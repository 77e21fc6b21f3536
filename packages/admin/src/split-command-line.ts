/**
 * Words of a command line as typed into a prompt: separated by spaces, quoted with ' or ", escaped with a backslash.
 * Nothing is expanded. Undefined where a quote is not closed.
 */
export function splitCommandLine(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index] as string;
    if (quote !== '') {
      if (character === quote) quote = '';
      else if (character === '\\' && quote === '"' && '"\\'.includes(text[index + 1] ?? ' ')) {
        index++;
        word += text[index] ?? '';
      } else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === ' ' || character === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      const escaped = character === '\\' && index + 1 < text.length;
      if (escaped) index++;
      word = (word ?? '') + (text[index] ?? '');
    }
  }
  if (quote !== '') return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
