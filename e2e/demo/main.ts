import { runCommand } from '../resources/command-line.ts';
import { startManager } from '../resources/manager.ts';
import { TempHome } from '../resources/temp-home.ts';
import { playAgent } from './agent.ts';
import { openDashboard, showHistory } from './manager.ts';
import { personAtTerminal, scriptedPerson, someoneWatches } from './person.ts';
import { proxyName, setScene } from './scene.ts';
import { summaryOf } from './summary.ts';
import { showTampering } from './tampering.ts';
import { claim, createTranscript, DemoFailed } from './transcript.ts';

const waits =
  process.stdin.isTTY === true && process.stdout.isTTY === true && !process.argv.includes('--auto');
const transcript = createTranscript(waits);

/** A person who watches a demo wants time to look around. Milliseconds. */
const holdMs = 1_800_000;
const desktop = ['DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'BROWSER'];

try {
  await using home = new TempHome();
  process.stdout.write('mcp-acp: an agent, a real MCP server, and what stands between them.\n');
  await setScene(home, transcript);
  await using manager = await startManager(home);
  if (waits) {
    for (const name of desktop) home.env[name] = process.env[name];
    const set = ['config', 'set', 'approvals.holdMs', String(holdMs), '--proxy', proxyName];
    const { code, stderr } = await runCommand(home, set);
    claim(code === 0, `config set ended with ${code}: ${stderr}`);
    await openDashboard(home, transcript);
  }
  await transcript.pause();
  const watch = someoneWatches(manager);
  const person = waits ? personAtTerminal(manager, transcript) : scriptedPerson(manager, transcript);
  const verdicts = await playAgent(home, { transcript, person, patienceMs: holdMs });
  watch.stop();
  await transcript.pause();
  await showHistory(home, manager, transcript);
  await transcript.pause();
  await showTampering(home, transcript);
  transcript.heading('That is all');
  transcript.say(summaryOf(verdicts));
  transcript.say('The README says how to put it in front of your own servers.');
  // The dashboard goes with the demo: whoever looks around in it says when.
  await transcript.pause();
} catch (error) {
  process.stderr.write(
    error instanceof DemoFailed ? `\nThe demo failed: ${error.message}\n` : `\n${String(error)}\n`,
  );
  process.exitCode = 1;
}
