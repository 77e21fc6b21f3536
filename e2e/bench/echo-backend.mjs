// The least an MCP server on stdio can be, so that the cost of what stands in front of it dominates:
// `node echo-backend.mjs TOOLS`.
import { echoAnswers } from './echo-answers.mjs';

const answer = echoAnswers(Number(process.argv[2] ?? 20));

let rest = Buffer.alloc(0);
process.stdin.on('data', (chunk) => {
  const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
  let out = '';
  let start = 0;
  for (let end = data.indexOf(10); end !== -1; end = data.indexOf(10, start)) {
    const message = JSON.parse(data.toString('utf8', start, end));
    start = end + 1;
    if (message.id !== undefined && message.method !== undefined) out += `${answer(message)}\n`;
  }
  rest = data.subarray(start);
  if (out !== '') process.stdout.write(out);
});
process.stdin.on('end', () => process.exit(0));
