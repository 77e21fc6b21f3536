const plain = /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/;
const looksEncoded = /^=\?base64\?.*\?=$/s;

/** A text as the value of a header: as it is where that is safe, else in Base64 (2026-07-28, Streamable HTTP, "Value Encoding"). */
export const headerValue = (text: string): string =>
  text === '' || (plain.test(text) && !looksEncoded.test(text))
    ? text
    : `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`;
