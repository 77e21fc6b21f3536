/** One event of a stream: what a reader of server-sent events needs to know of it. The data goes elsewhere, as bytes. */
export interface SseSink {
  /** A piece of the event's data; several `data` lines are joined by one line feed, as the format says. */
  data(bytes: Buffer): void;
  /** The event is complete. `type` is `message` where the stream names none; `hasData` is false for one without data. */
  dispatch(type: string, hasData: boolean): void;
  /** The stream's last event id has become this; told before the event is dispatched, and not for one that breaks off. */
  id(id: string): void;
  /** How long to wait before connecting again. Milliseconds. */
  retry(ms: number): void;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;
const space = 0x20;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const lineFeedBytes = Buffer.from('\n');

/** Names and values of fields other than `data` are short; what is longer is not kept. Bytes. */
const shortFieldBytes = 4_096;
const dataField = Buffer.from('data');

/**
 * Reads server-sent events (WHATWG HTML, "Server-sent events") from bytes. Data is handed on as the bytes that came,
 * piece by piece, so that nothing is decoded, repaired or held back, and its size is for the sink to bound.
 */
export function createSseReader(sink: SseSink): { push(chunk: Buffer): void } {
  let start = true;
  let skipLineFeed = false;
  /** The line's field: not known yet while its name is being read, then the data field, or another kept whole. */
  let field: 'name' | 'data' | 'other' | 'comment' = 'name';
  let head: Buffer = Buffer.alloc(0);
  let atValueStart = false;
  let dataLines = 0;
  let type = '';
  /** The id of the event that is being read. */
  let id: string | undefined;

  /** Takes a piece of a line; the line goes on after it. */
  const take = (piece: Buffer): void => {
    let rest = piece;
    if (field === 'name') {
      head = head.length === 0 ? rest : Buffer.concat([head, rest]);
      const at = head.indexOf(colon);
      if (at === -1) {
        if (head.length > shortFieldBytes) field = 'comment';
        return;
      }
      if (at === 4 && head.subarray(0, 4).equals(dataField)) {
        field = 'data';
        rest = head.subarray(5);
        atValueStart = true;
        if (dataLines++ > 0) sink.data(lineFeedBytes);
      } else {
        field = at === 0 ? 'comment' : 'other';
        return;
      }
    } else if (field === 'other') {
      if (head.length <= shortFieldBytes) head = Buffer.concat([head, rest]);
      return;
    }
    if (field !== 'data' || rest.length === 0) return;
    const value = atValueStart && rest[0] === space ? rest.subarray(1) : rest;
    atValueStart = false;
    if (value.length > 0) sink.data(value);
  };

  const endLine = (): void => {
    if (field === 'name' && head.length === 0) {
      if (id !== undefined) sink.id(id);
      id = undefined;
      if (dataLines > 0 || type !== '') sink.dispatch(type === '' ? 'message' : type, dataLines > 0);
      dataLines = 0;
      type = '';
    } else if (field === 'name' && head.equals(dataField)) {
      // A field without a colon has an empty value.
      if (dataLines++ > 0) sink.data(lineFeedBytes);
    } else if (field === 'other' && head.length <= shortFieldBytes) {
      setField(head.toString('utf8'));
    }
    field = 'name';
    head = Buffer.alloc(0);
  };

  const setField = (line: string): void => {
    const at = line.indexOf(':');
    const name = line.slice(0, at);
    const value = line.slice(line[at + 1] === ' ' ? at + 2 : at + 1);
    if (name === 'event') type = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^\d{1,9}$/.test(value)) sink.retry(Number(value));
  };

  return {
    push: (chunk) => {
      let bytes = chunk;
      if (start) {
        // The mark may only stand at the very beginning, which comes in one piece from every server there is.
        start = bytes.length === 0;
        if (bytes.subarray(0, 3).equals(byteOrderMark)) bytes = bytes.subarray(3);
      }
      let from = 0;
      if (skipLineFeed && bytes.length > 0) {
        if (bytes[0] === lineFeed) from = 1;
        skipLineFeed = false;
      }
      while (from < bytes.length) {
        const at = lineEnd(bytes, from);
        if (at === -1) {
          take(bytes.subarray(from));
          return;
        }
        if (at > from) take(bytes.subarray(from, at));
        endLine();
        from = at + 1;
        if (bytes[at] === carriageReturn) {
          if (from === bytes.length) skipLineFeed = true;
          else if (bytes[from] === lineFeed) from++;
        }
      }
    },
  };
}

/** Where the next line ends, by either character, or -1. */
function lineEnd(bytes: Buffer, from: number): number {
  const feed = bytes.indexOf(lineFeed, from);
  // Looked for only before the line feed, so that a long line costs one pass.
  const until = feed === -1 ? bytes.length : feed;
  const back = bytes.subarray(from, until).indexOf(carriageReturn);
  return back === -1 ? feed : from + back;
}
