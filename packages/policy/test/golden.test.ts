import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@mcp-acp/shared/json';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AccessRequest } from '../src/access-request.ts';
import { parsePolicy } from '../src/check-policy.ts';
import { compilePolicy } from '../src/compile-policy.ts';
import { decide } from '../src/decide.ts';
import { extractFacts } from '../src/facts.ts';
import { home, madeUpDisk } from './textual-resolver.ts';

/**
 * Each file: a policy, then cases. A case is a list: expectation, tool name, arguments; the expectation is an effect,
 * with the deciding rule after a blank. A map instead of a tool name gives any members of the request.
 */
interface GoldenFile {
  readonly policy: unknown;
  readonly request?: Partial<AccessRequest>;
  readonly cases: readonly (readonly [string, string | Partial<AccessRequest>, JsonObject?])[];
}

const folder = join(import.meta.dirname, 'golden');
let total = 0;
for (const file of readdirSync(folder).sort()) {
  const golden = parse(readFileSync(join(folder, file), 'utf8')) as GoldenFile;
  const policy = compilePolicy(parsePolicy(JSON.stringify(golden.policy), file), '0'.repeat(64), {
    home,
    paths: madeUpDisk,
  });
  total += golden.cases.length;
  describe(file, () => {
    golden.cases.forEach(([expected, subject, args], index) => {
      test(`${index + 1}: ${JSON.stringify([subject, args])?.slice(0, 120)} → ${expected}`, () => {
        const request: AccessRequest = {
          method: 'tools/call',
          from: 'client',
          backendId: 'files',
          backendKind: 'stdio',
          subjectId: 'local:ann',
          ...golden.request,
          ...(typeof subject === 'string' ? { toolName: subject } : subject),
          ...(args === undefined ? {} : { arguments: args }),
        };
        const decision = decide(policy, extractFacts(request, madeUpDisk));
        const [effect, rule] = expected.split(' ');
        expect(decision.effect).toBe(effect);
        if (rule !== undefined) expect(decision.decidedBy).toBe(rule);
      });
    });
  });
}

test('there are enough golden cases', () => expect(total).toBeGreaterThanOrEqual(150));
