/** A key as a person means it. Discriminated on `key`. */
export type Key =
  | { readonly key: 'character'; readonly text: string }
  | {
      readonly key:
        | 'up'
        | 'down'
        | 'page_up'
        | 'page_down'
        | 'home'
        | 'end'
        | 'enter'
        | 'escape'
        | 'backspace'
        | 'interrupt';
    };

const sequences: Readonly<Record<string, Exclude<Key['key'], 'character'>>> = {
  '[A': 'up',
  OA: 'up',
  '[B': 'down',
  OB: 'down',
  '[5~': 'page_up',
  '[6~': 'page_down',
  '[H': 'home',
  OH: 'home',
  '[1~': 'home',
  '[F': 'end',
  OF: 'end',
  '[4~': 'end',
};

const controls: Readonly<Record<string, Exclude<Key['key'], 'character'>>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0003': 'interrupt',
  '\u0004': 'interrupt',
};

/** What a terminal in raw mode sent, as keys. Sequences of keys that mean nothing here are left out. */
export function keysIn(chunk: string): readonly Key[] {
  const keys: Key[] = [];
  let rest = chunk;
  while (rest !== '') {
    if (rest.startsWith('\u001b')) {
      const [sequence = ''] = /^(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])/.exec(rest.slice(1)) ?? [];
      const known = sequence === '' ? 'escape' : sequences[sequence];
      if (known !== undefined) keys.push({ key: known });
      rest = rest.slice(1 + sequence.length);
      continue;
    }
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    const control = controls[character];
    if (control !== undefined) keys.push({ key: control });
    else if (!/\p{Cc}/u.test(character)) keys.push({ key: 'character', text: character });
    rest = rest.slice(character.length);
  }
  return keys;
}
