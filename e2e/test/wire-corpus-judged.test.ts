import { expect, it } from 'vitest';
import { corpusOf, corpusRevisions } from '../../packages/mcp/test/read-corpus.ts';
import { verifies } from '../requirements.ts';
import { sdkVerdict } from '../resources/sdk-judge.ts';

/**
 * What the specification lets a message carry and the SDK's schemas refuse, which is what a relay must keep: unknown
 * members of an envelope, and of a result that is otherwise empty.
 */
const known = ['jsonrpc', 'id', 'method', 'params', 'result', 'error'];
const isExtension = (key: string): boolean => key.startsWith('vendor.example/');

interface Envelope {
  readonly method?: string;
  readonly [member: string]: unknown;
}

/** The messages of a line, without what the official schemas refuse in an envelope. */
function messagesIn(line: Buffer): readonly Envelope[] {
  const parsed: Envelope | readonly Envelope[] = JSON.parse(line.toString('utf8'));
  return [parsed].flat().map((message) => {
    const members = Object.entries(message).filter(([key]) => known.includes(key));
    return Object.fromEntries(
      members.map(([key, value]) => [key, key === 'result' ? resultOf(value) : value]),
    );
  });
}

function resultOf(result: unknown): unknown {
  const members = Object.entries(result ?? {});
  const isEmpty = members.every(([key]) => key === '_meta' || isExtension(key));
  return isEmpty ? Object.fromEntries(members.filter(([key]) => key === '_meta')) : result;
}

const text = (message: Envelope): string => Buffer.from(JSON.stringify(message)).toString('latin1');

it.each(corpusRevisions())(
  verifies('WIRE-CORPUS', 'the messages of %s are what the official SDK takes them for'),
  (revision) => {
    const faults = corpusOf(revision).flatMap(({ name, initiator, lines }) => {
      const messages = lines.flatMap(messagesIn);
      const asks = messages.filter(({ method }) => method !== undefined).map(text);
      const answers = messages.filter(({ method }) => method === undefined).map(text);
      const crossed =
        initiator === 'client'
          ? { toServer: asks, toClient: answers }
          : { toServer: answers, toClient: asks };
      return sdkVerdict({ revision, left: crossed, entered: crossed }).map((fault) => `${name} ${fault}`);
    });
    expect(faults).toEqual([]);
  },
);
