// Whether it is the manager of this page that answers. While that one is away any program of the machine can listen on
// its port, and whoever is shown the token has the page's rights.

const answerMs = 10_000;

/**
 * Asks for a proof: an HMAC-SHA-256 under the SHA-256 of the token, which is all the manager keeps of it, over the address
 * of this page and a number used once. The question carries no cookie, which also keeps the connections that another
 * program holds open from being used for anything that does. Resolves to 'proven', 'locked' where the session is said to
 * be over, or 'not proven'; rejects where nothing answers.
 */
export async function proveManager(endpoint, token) {
  const digest = await crypto.subtle.digest('SHA-256', bytesOf(token));
  const key = await crypto.subtle.importKey('raw', digest, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ]);
  const page = hexOf(await crypto.subtle.sign('HMAC', key, bytesOf('mcp-acp: the name of a page')));
  const nonce = hexOf(crypto.getRandomValues(new Uint8Array(32)));
  const question = encodeURIComponent(JSON.stringify({ page, nonce }));
  const response = await fetch(`${endpoint}/access.prove?input=${question}`, {
    credentials: 'omit',
    redirect: 'error',
    signal: AbortSignal.timeout(answerMs),
  });
  const answer = await response.json().catch(() => undefined);
  const words = ['mcp-acp: the proof of the manager', location.host, nonce].join('\n');
  const proof = bytesOfHex(answer?.result?.data?.proof);
  if (await crypto.subtle.verify('HMAC', key, proof, bytesOf(words))) return 'proven';
  return answer?.error?.data?.words?.code === 'locked' ? 'locked' : 'not proven';
}

const bytesOf = (text) => new TextEncoder().encode(text);

const hexOf = (bytes) =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** What is not the hexadecimal form of 32 bytes becomes none, which is no proof of anything. */
const bytesOfHex = (text) =>
  Uint8Array.from(/^[0-9a-f]{64}$/.test(text) ? text.match(/../g) : [], (two) => Number.parseInt(two, 16));
