import { TempHome } from '../resources/temp-home.ts';
import { playAgent } from './agent.ts';
import { showHistory } from './manager.ts';
import { setScene } from './scene.ts';
import { showTampering } from './tampering.ts';
import { createTranscript, DemoFailed } from './transcript.ts';

const waits =
  process.stdin.isTTY === true && process.stdout.isTTY === true && !process.argv.includes('--auto');
const transcript = createTranscript(waits);

try {
  await using home = new TempHome();
  process.stdout.write('mcp-acp: an agent, a real MCP server, and what stands between them.\n');
  await setScene(home, transcript);
  await transcript.pause();
  await playAgent(home, transcript);
  await transcript.pause();
  await showHistory(home, transcript);
  await transcript.pause();
  await showTampering(home, transcript);
  transcript.heading('That is all');
  transcript.say(
    'Allowed, denied and asked were each shown; the journal verifies, and a changed copy does not.',
  );
  transcript.say('The README says how to put it in front of your own servers.');
} catch (error) {
  process.stderr.write(
    error instanceof DemoFailed ? `\nThe demo failed: ${error.message}\n` : `\n${String(error)}\n`,
  );
  process.exitCode = 1;
}
