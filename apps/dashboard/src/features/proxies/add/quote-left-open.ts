/** Whether a quote in a command line is not closed. Reads quotes and backslashes as the manager does. */
export function isQuoteLeftOpen(text: string): boolean {
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (quote === '') {
      if (character === '"' || character === "'") quote = character;
      else if (character === '\\') index++;
    } else if (character === quote) quote = '';
    else if (character === '\\' && quote === '"' && '"\\'.includes(text[index + 1] ?? ' ')) index++;
  }
  return quote !== '';
}
