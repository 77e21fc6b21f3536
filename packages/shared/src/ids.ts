/** Branded identifiers. A brand costs nothing at run time and keeps two kinds of string apart at compile time. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A configured proxy, stable for its life: `px_` and 16 lower-case base-32 characters. */
export type ProxyId = Branded<'ProxyId'>;
/** One start of a proxy: `inst_` and 16 lower-case base-32 characters. */
export type InstanceId = Branded<'InstanceId'>;

/** Fills an array with cryptographically strong random bytes. Arrives as a port so that runs can be replayed. */
export type RandomBytes = (length: number) => Uint8Array;

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** A name that is no secret: the prefix and 16 lower-case base-32 characters. */
export function newName(random: RandomBytes, prefix: string): string {
  let text = prefix;
  for (const byte of random(16)) text += alphabet[byte & 31];
  return text;
}

export const newProxyId = (random: RandomBytes): ProxyId => newName(random, 'px_') as ProxyId;
export const newInstanceId = (random: RandomBytes): InstanceId => newName(random, 'inst_') as InstanceId;

export const isProxyId = (text: string): text is ProxyId => /^px_[a-z2-7]{16}$/.test(text);
export const isInstanceId = (text: string): text is InstanceId => /^inst_[a-z2-7]{16}$/.test(text);
