/** Text that is known to be JSON, looked at as it was written. Nothing here grows a stack with the length of a string. */

/** The place behind the string that begins at `start`. */
export function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
  return json.length;
}

/** What stands between the strings. */
export function* outsideStrings(json: string): Generator<string> {
  for (let from = 0; from < json.length; ) {
    const quote = json.indexOf('"', from);
    if (quote === -1) return yield json.slice(from);
    yield json.slice(from, quote);
    from = endOfString(json, quote);
  }
}

/** The members of an object, with keys and values as they were written. */
export function* membersOf(json: string): Generator<readonly [key: string, value: string]> {
  let depth = 0;
  let key = '';
  let from = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json.charAt(at);
    if (character === '"') {
      const end = endOfString(json, at);
      if (depth === 1 && key === '') {
        key = json.slice(at, end);
        from = json.indexOf(':', end) + 1;
      }
      at = end - 1;
    } else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    if (key === '' || !(depth === 0 || (depth === 1 && character === ','))) continue;
    yield [key, json.slice(from, at).trim()];
    key = '';
  }
}
