import { isSecretName, redacted, redactText } from '@mcp-acp/shared/redaction';

/** Why a text cannot be a backend's URL, as a sentence for a person, or undefined when it can. */
export function backendUrlProblem(text: string): string | undefined {
  // The parser drops spaces and line ends, so what is stored would not be what is requested.
  if (/[\s\p{Cc}]/u.test(text)) return 'It holds a space or a control character.';
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'It cannot be read; write it whole, such as https://mcp.example.com/mcp.';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'It begins with http:// or https://.';
  if (url.username !== '' || url.password !== '' || /^[^/]*\/\/[^/?#]*@/.test(text)) {
    return 'It holds no user and no password: send a secret as a header (--header Authorization).';
  }
  if (text.includes('#')) return 'A fragment ("#…") is never sent to a server.';
  return undefined;
}

const loopback = /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/;

/** Whether what is sent to a valid URL can be read on the way: plain http to another machine. */
export function isReadableOnTheWay(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !loopback.test(hostname);
}

/** A URL as it may be shown: values of its query that look like secrets are not. */
export function shownUrl(url: string): string {
  const mark = url.indexOf('?');
  if (mark < 0) return redactText(url);
  const query = url
    .slice(mark + 1)
    .split('&')
    .map((pair) => {
      const name = pair.split('=', 1)[0] as string;
      return pair.includes('=') && isSecretName(name) ? `${name}=${redacted}` : redactText(pair);
    });
  return `${redactText(url.slice(0, mark))}?${query.join('&')}`;
}
