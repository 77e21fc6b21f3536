import type { Connection } from '../connection.ts';

export const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** The same items, asked for no faster than the connection takes them; what waits meanwhile is the source's to bound. */
export async function* asTaken<Item>(
  source: AsyncIterable<Item>,
  connection: Connection,
): AsyncGenerator<Item> {
  for await (const item of source) {
    yield item;
    await connection.drained();
  }
}
