import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export interface Packed {
  readonly body: Buffer;
  readonly encoding?: 'br' | 'gzip';
}

const compressible = /^(?:text\/|application\/json|image\/svg)/;
/** What is smaller fits into a packet as it is. */
const leastBytes = 1_024;

const packers = {
  br: (body: Buffer) =>
    promisify(brotliCompress)(body, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
    }),
  gzip: (body: Buffer) => promisify(gzip)(body, { level: 9 }),
} as const;

/** Compresses a body when it is first asked for, off the event loop, and keeps what came of it. */
export function packedBody(body: Buffer, type: string): (accepted: string | undefined) => Promise<Packed> {
  const kept = new Map<keyof typeof packers, Promise<Packed>>();
  const pack = async (encoding: keyof typeof packers): Promise<Packed> => {
    const packed = await packers[encoding](body);
    return packed.length < body.length ? { body: packed, encoding } : { body };
  };
  return (accepted) => {
    const encoding = compressible.test(type) && body.length >= leastBytes ? chosen(accepted) : undefined;
    if (encoding === undefined) return Promise.resolve({ body });
    const known = kept.get(encoding);
    if (known !== undefined) return known;
    // What failed once, for want of memory, say, is sent as it is and tried again for the next one who asks.
    const packed = pack(encoding).catch(() => {
      kept.delete(encoding);
      return { body };
    });
    kept.set(encoding, packed);
    return packed;
  };
}

/** What a client does not want is named with a quality of zero, or not at all. */
function chosen(accepted: string | undefined): keyof typeof packers | undefined {
  const names = new Set<string>();
  for (const part of (accepted ?? '').toLowerCase().split(',').slice(0, 16)) {
    const [name = '', ...parameters] = part.split(';').map((word) => word.trim());
    if (!parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))) names.add(name);
  }
  if (names.has('br')) return 'br';
  return names.has('gzip') ? 'gzip' : undefined;
}
