/** Texts of batches that went out, for as long as somebody has the batch. */
const texts = new WeakMap<object, string>();

/**
 * The text of a message to a reader. A batch that goes to many is put into words once: it is the same array for all who
 * read at the same place, and never changes.
 */
export function encodeMessage(message: unknown): string {
  const { result, id, jsonrpc } = (message ?? {}) as Readonly<Record<string, unknown>>;
  const { type, id: eventId, data } = (result ?? {}) as Readonly<Record<string, unknown>>;
  const { id: trackedId, data: batch } = (data ?? {}) as Readonly<Record<string, unknown>>;
  if (type !== 'data' || eventId === undefined || trackedId !== eventId || !Array.isArray(batch))
    return JSON.stringify(message);
  let text = texts.get(batch);
  if (text === undefined) {
    text = JSON.stringify(batch);
    texts.set(batch, text);
  }
  const place = JSON.stringify(eventId);
  const version = jsonrpc === undefined ? '' : `"jsonrpc":${JSON.stringify(jsonrpc)},`;
  return `{"id":${JSON.stringify(id)},${version}"result":{"type":"data","data":{"id":${place},"data":${text}},"id":${place}}}`;
}
