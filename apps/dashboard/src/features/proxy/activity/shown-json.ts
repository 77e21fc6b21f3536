/** What JSON texts hold without showing it: written as the escapes of JSON itself, so that the text still says the same. */
const hidden =
  /[\u007f-\u009f\u00ad\u115f\u1160\u2800\u3164\uffa0]|\u034f|\p{Cf}|\p{Co}|\p{Cn}|\p{Zl}|\p{Zp}|[\ufe00-\ufe0f]/gu;

const asEscapes = (character: string): string =>
  [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');

/** JSON to be read and copied: laid out, with nothing in it that hides. */
export const shownJson = (value: unknown): string =>
  (JSON.stringify(value, null, 2) ?? '').replace(hidden, asEscapes);
