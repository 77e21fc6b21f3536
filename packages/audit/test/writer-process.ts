/** A process that opens the proxy in the folder given, writes, and prints what it was told is durable, until it is killed. */
import { auditFolder, decision, outcome } from './audit-folder.ts';

const folder = auditFolder(process.argv[2] as string);
const journal = folder.open();
folder.heal({ by: journal.instance });
const marks = new Map<number, string>();
let told = 0;
journal.listen({
  advanced: () => {
    let text = '';
    for (; told < journal.durable; told++) {
      const mark = marks.get(told + 1);
      if (mark !== undefined) text += `${mark}\n`;
      marks.delete(told + 1);
    }
    if (text !== '') process.stdout.write(text);
  },
  lost: (first, error) => {
    throw new Error(`lost from ${first}`, { cause: error });
  },
  unsynced: (first, error) => {
    throw new Error(`unsynced from ${first}`, { cause: error });
  },
});
process.stdout.write(`open ${journal.instance}\n`);
for (let count = 0; ; count++) {
  const mark = `${journal.instance}-${count}`;
  const seq = journal.append(decision(mark), { durable: count % 3 === 0 });
  marks.set(seq, mark);
  if (count % 2 === 0) journal.append(outcome(seq));
  await new Promise((resolve) => (count % 8 === 0 ? setTimeout(resolve, 3) : setImmediate(resolve)));
}
