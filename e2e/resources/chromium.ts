import { type Browser, type ConsoleMessage, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Newer browsers ask before a page may reach 127.0.0.1. What is tested is what keeps the others out.
  '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,BlockInsecurePrivateNetworkRequests',
];

/** As long as a browser may take to start on a slow machine. Milliseconds. */
const startMs = 180_000;

/**
 * A real browser without a window. `names` are host names that lead to 127.0.0.1, as a hostile name server would say;
 * `program` is the one the tests were given unless it is said.
 */
export async function launchChromium(
  names: readonly string[] = [],
  program = inject('browser'),
): Promise<Browser> {
  const rules = names.map((name) => `MAP ${name} 127.0.0.1`).join(', ');
  return chromium.launch({
    executablePath: program,
    args: names.length === 0 ? flags : [...flags, `--host-resolver-rules=${rules}`],
    timeout: startMs,
  });
}

/** Notes what a page complains of: errors of scripts and of the console, what its policy forbade, dialogs, its end. */
export function complaintsOf(page: Page, complaints: string[]): void {
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(String(error.stack)));
  page.on('crash', () => complaints.push('the page crashed'));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
}
