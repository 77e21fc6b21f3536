import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The fixture's own Streamable HTTP, in a process of its own. */
export async function openPlainFixture(script: string): Promise<AsyncDisposable & { readonly url: string }> {
  const child = spawn(process.execPath, [script, 'http'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const first = once(createInterface({ input: child.stdout }), 'line');
  const [url] = await Promise.race([first, ended.then(() => [''])]);
  if (url === '') throw new Error('The fixture ended before it listened.');
  return {
    url: String(url),
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
