/** Why a text cannot be the address of an OTLP receiver, as a sentence for a person, or undefined when it can. */
export function telemetryUrlProblem(text: string): string | undefined {
  // The parser drops spaces and line ends, so what is stored would not be what is requested.
  if (/[\s\p{Cc}]/u.test(text)) return 'It holds a space or a control character.';
  if (!URL.canParse(text)) return 'It cannot be read; write it whole, such as http://127.0.0.1:4318.';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'It begins with http:// or https://.';
  if (url.username !== '' || url.password !== '' || /^[^/]*\/\/[^/?#]*@/.test(text))
    return 'It holds no user and no password: this file is shown by commands.';
  if (text.includes('#') || text.includes('?'))
    return 'A path is added to it, so it ends without "?" and "#".';
  return undefined;
}
