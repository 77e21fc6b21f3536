/** The few words of JSON Schema that the policy's schema uses; any other is an error, so nothing goes unchecked. */
export function conforms(schema: unknown, value: unknown): boolean {
  if (typeof schema === 'boolean') return schema;
  const words = schema as Record<string, unknown>;
  return Object.entries(words).every(([word, want]) => holds(word, want, { words, value }));
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function holds(
  word: string,
  want: unknown,
  { words, value }: { words: Record<string, unknown>; value: unknown },
): boolean {
  const number = want as number;
  switch (word) {
    case '$schema':
    case 'title':
    case 'description':
    case 'then':
      return true;
    case 'type':
      return [want]
        .flat()
        .some((type) => typeOf(value) === type || (type === 'integer' && Number.isInteger(value)));
    case 'const':
      return value === want;
    case 'enum':
      return (want as unknown[]).includes(value);
    case 'minLength':
      return typeof value !== 'string' || value.length >= number;
    case 'maxLength':
      return typeof value !== 'string' || value.length <= number;
    case 'pattern':
      return typeof value !== 'string' || new RegExp(want as string).test(value);
    case 'minimum':
      return typeof value !== 'number' || value >= number;
    case 'maximum':
      return typeof value !== 'number' || value <= number;
    case 'minItems':
      return !Array.isArray(value) || value.length >= number;
    case 'maxItems':
      return !Array.isArray(value) || value.length <= number;
    case 'items':
      return !Array.isArray(value) || value.every((item) => conforms(want, item));
    case 'required':
      return !isMap(value) || (want as string[]).every((key) => Object.hasOwn(value, key));
    case 'properties':
      return (
        !isMap(value) ||
        Object.entries(want as object).every(
          ([key, one]) => !Object.hasOwn(value, key) || conforms(one, value[key]),
        )
      );
    case 'additionalProperties':
      return (
        !isMap(value) ||
        Object.keys(value).every(
          (key) => Object.hasOwn((words.properties ?? {}) as object, key) || conforms(want, value[key]),
        )
      );
    case 'minProperties':
      return !isMap(value) || Object.keys(value).length >= number;
    case 'maxProperties':
      return !isMap(value) || Object.keys(value).length <= number;
    case 'anyOf':
      return (want as unknown[]).some((one) => conforms(one, value));
    case 'if':
      return !conforms(want, value) || conforms(words.then, value);
    default:
      throw new Error(`not known here: ${word}`);
  }
}
