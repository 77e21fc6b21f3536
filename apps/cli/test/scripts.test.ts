import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { formatScript, parseScript, runScript } from './run-script.ts';

const folder = fileURLToPath(new URL('./scripts/', import.meta.url));

// UPDATE_SCRIPTS=1 writes down what the commands print now; read the difference before committing it.
const update = process.env.UPDATE_SCRIPTS === '1';

test.each(readdirSync(folder).sort())('%s', async (name) => {
  const file = `${folder}${name}`;
  const text = readFileSync(file, 'utf8');
  const ran = formatScript(await runScript(parseScript(text)));
  if (update) writeFileSync(file, ran);
  else expect(ran).toBe(text);
});
