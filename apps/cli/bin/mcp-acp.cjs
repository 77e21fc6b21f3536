#!/usr/bin/env node
'use strict';
// The door of the package: decides which bundle to load. `start` is what MCP clients wait for, so nothing is loaded
// before the proxy; the manager stays for long, so nothing is loaded beside it. This file must parse on any Node, to say
// which one is needed.
const { existsSync, realpathSync } = require('node:fs');
const { join } = require('node:path');

const args = process.argv.slice(2);
const dist = join(__dirname, '..', 'dist');
/** A proxy or a manager ran and is over. */
let hasRun = false;

function fail(code, exit, message, fix) {
  const words = args.indexOf('--') < 0 ? args : args.slice(0, args.indexOf('--'));
  process.stderr.write(`error: ${message}\n  ${fix}\n`);
  if (words.includes('--json'))
    process.stdout.write(`${JSON.stringify({ error: { code, message, fix } })}\n`);
  process.exitCode = exit;
}

function supported() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(
      'unsupported_platform',
      1,
      `mcp-acp needs Node 20.19 or newer; this is ${process.version}.`,
      'Install a newer Node: https://nodejs.org',
    );
    return false;
  }
  if (process.platform === 'win32' && !args.includes('--help') && !args.includes('-h')) {
    fail('unsupported_platform', 1, 'mcp-acp does not run on Windows yet.', 'Use it inside WSL.');
    return false;
  }
  return true;
}

function bundle(name) {
  const file = join(dist, name);
  if (existsSync(file)) return require('./load-bundle.cjs').loadBundle(file);
  fail('internal', 1, `mcp-acp is not built: dist/${name} is missing.`, 'In a checkout, run: npm run build');
  return undefined;
}

/** What follows `start`, or a message that says what is wrong with it. */
function startOptions(words) {
  const options = { headless: false };
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === '--headless') options.headless = true;
    else if (word === '--proxy' && words[index + 1] !== undefined) options.name = words[++index];
    else if (word.startsWith('--proxy=')) options.name = word.slice('--proxy='.length);
    else return word === '--proxy' ? '--proxy needs a name.' : `"start" does not know "${word}".`;
  }
  return options;
}

async function start() {
  const options = startOptions(args.slice(1));
  if (typeof options === 'string')
    return fail('usage', 2, options, 'mcp-acp start --proxy NAME [--headless]');
  if (options.name === undefined) {
    const cli = bundle('cli.cjs');
    if (cli === undefined) return;
    const only = cli.onlyProxy(process.env);
    if (typeof only === 'number') {
      process.exitCode = only;
      return;
    }
    options.name = only;
  }
  const proxy = bundle('proxy.cjs');
  if (proxy === undefined) return;
  process.exitCode = await proxy.runProxy({
    name: options.name,
    headless: options.headless,
    program: realpathSync(__filename),
    env: process.env,
  });
  hasRun = true;
}

/** What follows `manager start --foreground`, or a message that says what is wrong with it. */
function managerOptions(words) {
  const options = { headless: false, stay: false, json: false };
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === '--port' || word.startsWith('--port=')) {
      const text = word === '--port' ? words[++index] : word.slice('--port='.length);
      options.port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
      if (options.port < 1 || options.port > 65535) return '--port takes a number from 1 to 65535.';
    } else if (word === '--headless' || word === '--stay' || word === '--json') options[word.slice(2)] = true;
    else if (word !== '--foreground') return `"manager start" does not know "${word}".`;
  }
  return options;
}

async function runManager() {
  const options = managerOptions(args.slice(2));
  if (typeof options === 'string')
    return fail('usage', 2, options, 'mcp-acp manager start --foreground [--port N] [--headless] [--stay]');
  const manager = bundle('manager.cjs');
  if (manager === undefined) return;
  process.exitCode = await manager.runManager({ ...options, env: process.env });
  hasRun = true;
}

async function main() {
  const wantsHelp = args.includes('--help') || args.includes('-h');
  if (args[0] === 'start' && !wantsHelp) return start();
  const isManager = args[0] === 'manager' && args[1] === 'start' && args.includes('--foreground');
  if (isManager && !wantsHelp) return runManager();
  const cli = bundle('cli.cjs');
  if (cli === undefined) return;
  process.exitCode = await cli.runCli({ args, env: process.env, bin: realpathSync(__filename) });
}

if (supported()) {
  main()
    .catch((error) =>
      fail(
        'internal',
        1,
        String(error instanceof Error ? error.message : error),
        'This is a fault of mcp-acp; please report it.',
      ),
    )
    .then(() => {
      require('./load-bundle.cjs').keepCompiledCode();
      // It has waited for its last answers; whoever does not read them must not keep it.
      if (hasRun) process.exit();
    });
}
