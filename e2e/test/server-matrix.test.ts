import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { firstDifference, firstLineApart, steadied } from '../servers/compare.ts';
import { legsOf, type Row, runLeg } from '../servers/matrix.ts';
import { parseOptions } from '../servers/options.ts';
import { problemsOf, tableOf } from '../servers/report.ts';
import { everything, filesystem, matrixServers } from '../servers/server-list.ts';

/** The two servers that are dependencies of this room; `npm run servers` installs and compares all of them. */
const room = fileURLToPath(new URL('..', import.meta.url));

describe.each([...legsOf(everything), ...legsOf(filesystem)])(
  '$server.name over $transport in $revision',
  (leg) => {
    it(verifies('SERVER-MATRIX', 'answers behind the proxy as it does directly'), async () => {
      const row = await runLeg(leg, room, () => {});
      expect(problemsOf([row])).toEqual([]);
      expect(row.revision).toBe(leg.revision);
      expect(row.counts?.['tools/list']).toBeGreaterThan(10);
      expect(row.smoke).toMatch(/: result$/);
    }, 300_000);
  },
);

it(
  verifies('SERVER-MATRIX', 'a server that does not start is a failure that names what it needs'),
  async () => {
    const server = { ...everything, program: 'dist/nowhere.js', needs: 'a Chromium' };
    for (const leg of legsOf(server)) {
      const row = await runLeg(leg, room, () => {});
      expect(row.failure).toMatch(/^directly: .*\(it needs a Chromium\)$/s);
      expect(problemsOf([row])).toHaveLength(1);
    }
  },
);

describe('the comparison', () => {
  const answer = { jsonrpc: '2.0', id: 1, result: { tools: [{ name: 'a', n: 1 }, { name: 'b' }] } };

  it('finds nothing between equal answers, in whatever order their members are', () => {
    const turned = { result: { tools: [{ n: 1, name: 'a' }, { name: 'b' }] }, id: 1, jsonrpc: '2.0' };
    expect(firstDifference(answer, turned)).toBeUndefined();
  });

  it.each([
    ['a changed value', { ...answer, id: 2 }, { path: '$.id', direct: '1', proxied: '2' }],
    ['a value of another type', { ...answer, id: '1' }, { path: '$.id', direct: '1', proxied: '"1"' }],
    [
      'a missing member',
      { jsonrpc: '2.0', result: answer.result },
      { path: '$.id', direct: '1', proxied: undefined },
    ],
    [
      'a member that was added, null included',
      { ...answer, 'x y': null },
      { path: '$["x y"]', direct: undefined, proxied: 'null' },
    ],
    [
      'a missing element',
      { ...answer, result: { tools: [{ name: 'a', n: 1 }] } },
      { path: '$.result.tools[1]', direct: '{"name":"b"}', proxied: undefined },
    ],
    [
      'elements in another order',
      { ...answer, result: { tools: [{ name: 'b' }, { name: 'a', n: 1 }] } },
      { path: '$.result.tools[0].name', direct: '"a"', proxied: '"b"' },
    ],
    [
      'an object where an array was',
      { ...answer, result: { tools: {} } },
      { path: '$.result.tools', direct: '[{"name":"a","n":1},{"name":"b"}]', proxied: '{}' },
    ],
  ])('finds %s', (_, proxied, difference) => {
    expect(firstDifference(answer, proxied)).toEqual(difference);
  });

  it('leaves out volatile text where it may stand, and nothing else', () => {
    const volatile = [{ what: 'time', at: /\.result\./, text: /\d\d:\d\d/g }];
    const at = (time: string, word: string) => ({ id: '10:00', result: { text: `${word} ${time}` } });
    const compare = (a: ReturnType<typeof at>, b: ReturnType<typeof at>) =>
      firstDifference(steadied(a, volatile), steadied(b, volatile));
    expect(compare(at('10:00', 'since'), at('10:01', 'since'))).toBeUndefined();
    expect(compare(at('10:00', 'since'), at('10:01', 'until'))?.path).toBe('$.result.text');
    expect(compare(at('10:00', 'since'), { ...at('10:00', 'since'), id: '10:01' })?.path).toBe('$.id');
  });

  it('finds the first line that did not cross as it was', () => {
    expect(firstLineApart(['a', 'b'], ['a', 'b'])).toBeUndefined();
    expect(firstLineApart(['a', 'b'], ['a', 'c'])).toEqual({ direct: 'b', proxied: 'c' });
    expect(firstLineApart(['a'], ['a', 'b'])).toEqual({ direct: undefined, proxied: 'b' });
    expect(firstLineApart(['a', 'b'], ['b', 'a'])).toEqual({ direct: 'a', proxied: 'b' });
  });
});

describe('the report', () => {
  const row: Row = {
    server: 'x',
    package: 'x-mcp',
    version: '1.0.0',
    transport: 'stdio',
    revision: '2025-11-25',
    counts: {
      'tools/list': 3,
      'prompts/list': undefined,
      'resources/list': 0,
      'resources/templates/list': 0,
    },
    answers: 6,
    smoke: 'go: result',
    normalised: [],
    difference: undefined,
    failure: undefined,
  };

  it('has nothing to say of rows without a difference', () => {
    expect(problemsOf([row])).toEqual([]);
    expect(tableOf([row])).toMatch(/\| x +\| 1\.0\.0 +\| stdio .*\| 3 +\| – +\| 0 .*\| none +\|/);
  });

  it('shows the place where two long texts part', () => {
    const text = (end: string): string => `${'x'.repeat(10_000)}${end}`;
    const difference = { path: '$.id', direct: text('left'), proxied: text('right') };
    const [problem = ''] = problemsOf([{ ...row, difference }]);
    expect(problem).toMatch(/direct {3}…x+left\n.*proxied {2}…x+right$/s);
    expect(problem.length).toBeLessThan(300);
  });

  it('counts a difference and a server that did not start as problems', () => {
    const difference = { path: '$.id', direct: '1', proxied: undefined };
    expect(problemsOf([{ ...row, difference }])[0]).toMatch(
      /x over stdio differs at \$\.id\s+direct\s+1\s+proxied\s+nothing/,
    );
    const failure = 'directly: the connection was closed (it needs a Chromium)';
    expect(problemsOf([row, { ...row, failure }])).toEqual([`x over stdio failed ${failure}`]);
    expect(tableOf([{ ...row, failure }])).toContain('FAILED');
  });

  it('runs what was typed', () => {
    expect(parseOptions([]).servers).toBe(matrixServers);
    expect(parseOptions(['--only', 'pdf', '--json']).servers.map(({ name }) => name)).toEqual(['pdf']);
    expect(() => parseOptions(['--only', 'nobody'])).toThrow(/nobody/);
  });
});
