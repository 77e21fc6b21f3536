import { AcpError } from '@mcp-acp/shared/errors';
import { pageEndpoint, pageNameText, proofText } from '../web-names.ts';

export interface ProofQuestion {
  /** `http://127.0.0.1:8765`; nothing where the page itself came from there. */
  readonly origin: string;
  /** The page's half of its session. It does not leave this function. */
  readonly token: string;
  readonly fetch: typeof globalThis.fetch;
}

/** Until the answer must be there. Milliseconds. */
const answerMs = 10_000;

/**
 * Asks whatever answers at `origin` for a proof that it is the manager this page belongs to: while that one is away, any
 * program of the machine can listen there. The question carries no cookie, which also keeps the connections that such a
 * program holds open from being used for anything that does (browsers keep the two apart). Resolves where the proof is
 * right. Throws AcpError: 'locked' where the session is said to be over, 'manager_not_running' for anything else.
 */
export async function proveManager({ origin, token, fetch }: ProofQuestion): Promise<void> {
  const base = origin === '' ? String(Reflect.get(globalThis, 'location')) : origin;
  const { host } = new URL(base);
  const digest = await crypto.subtle.digest('SHA-256', bytesOf(token));
  const key = await crypto.subtle.importKey('raw', digest, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ]);
  const page = hexOf(await crypto.subtle.sign('HMAC', key, bytesOf(pageNameText)));
  const nonce = hexOf(crypto.getRandomValues(new Uint8Array(32)).buffer);
  const answer = await askFor(`${origin}${pageEndpoint}/access.prove`, { page, nonce }, fetch);
  const proof = textAt(answer, 'result', 'data', 'proof') ?? '';
  if (await crypto.subtle.verify('HMAC', key, bytesOfHex(proof), bytesOf(proofText(host, nonce)))) return;
  const fix = 'See what runs: mcp-acp manager status';
  if (textAt(answer, 'error', 'data', 'words', 'code') === 'locked') {
    throw new AcpError('locked', undefined, { fix: 'Unlock it: mcp-acp manager open' });
  }
  const why = `What answers at ${host} is not the manager of this page, so it was not shown the page’s token.`;
  throw new AcpError('manager_not_running', why, { fix });
}

async function askFor(url: string, input: object, fetch: ProofQuestion['fetch']): Promise<unknown> {
  try {
    const response = await fetch(`${url}?input=${encodeURIComponent(JSON.stringify(input))}`, {
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(answerMs),
    });
    return await response.json();
  } catch (error) {
    // What is no JSON is no proof either.
    if (error instanceof SyntaxError) return undefined;
    throw new AcpError('manager_not_running', 'The manager does not answer.', {
      fix: 'Start it: mcp-acp manager start',
      cause: error,
    });
  }
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  let found: unknown = value;
  for (const name of path) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  }
  return typeof found === 'string' ? found : undefined;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

const hexOf = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** What is not the hexadecimal form of 32 bytes becomes none, which is no proof of anything. */
const bytesOfHex = (text: string) =>
  Uint8Array.from(/^[0-9a-f]{64}$/.test(text) ? (text.match(/../g) ?? []) : [], (two) =>
    Number.parseInt(two, 16),
  );
