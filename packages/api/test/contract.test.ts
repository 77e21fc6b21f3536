import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { appRouter } from '../src/router/app-router.ts';
import { proceduresOf, type WalkedProcedure } from './resources/procedures.ts';

type Schemas = Record<string, unknown>;

/** A schema as JSON Schema; what has a name of its own goes to the definitions, once for all. */
function schemaOf(schema: unknown, io: 'input' | 'output', definitions: Schemas): unknown {
  const { $schema: _, $defs, ...json } = z.toJSONSchema(schema as z.ZodType, { io, unrepresentable: 'any' });
  Object.assign(definitions, $defs);
  return json;
}

/** What a subscription yields is said beside its schema, which sees no more than an iterable. */
function outputOf({ output }: WalkedProcedure, definitions: Schemas): unknown {
  const yields = (output as z.ZodType).meta()?.yields;
  if (yields === undefined) return schemaOf(output, 'output', definitions);
  return { yields: schemaOf(yields, 'output', definitions) };
}

describe('the contract', () => {
  it('[API-CONTRACT] is what the golden file says: every procedure, its input, its output and its refusals', async () => {
    const definitions: Schemas = {};
    const procedures = Object.fromEntries(
      proceduresOf(appRouter).map((procedure) => [
        procedure.path,
        {
          kind: procedure.kind,
          ...procedure.meta,
          input: procedure.inputs.map((input) => schemaOf(input, 'input', definitions)),
          output: outputOf(procedure, definitions),
        },
      ]),
    );
    const contract = { procedures, definitions };
    await expect(`${JSON.stringify(contract, undefined, 1)}\n`).toMatchFileSnapshot('contract.golden.txt');
  });

  it('[API-CONTRACT] gives every procedure a schema of its input and of its output', () => {
    const lacking = proceduresOf(appRouter).filter(
      ({ inputs, output }) => inputs.length === 0 || output === undefined,
    );
    expect(lacking.map(({ path }) => path)).toEqual([]);
  });
});
