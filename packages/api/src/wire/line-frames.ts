/** One message of the API on a socket, its newline excluded. Bytes. */
export const mostFrameBytes = 1024 * 1024;

const newline = 0x0a;

export interface LineFrames {
  /** Hands over the complete lines in what has come. False once a line is longer than a frame may be: stop reading then. */
  push(chunk: Buffer): boolean;
}

/** Cuts bytes into lines. What waits for its end is bounded by the longest frame. */
export function createLineFrames(onLine: (line: Buffer) => void, mostBytes = mostFrameBytes): LineFrames {
  let parts: Buffer[] = [];
  let heldBytes = 0;
  return {
    push: (chunk) => {
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        const piece = chunk.subarray(start, end);
        if (heldBytes + piece.length > mostBytes) return false;
        const line = parts.length === 0 ? piece : Buffer.concat([...parts, piece]);
        parts = [];
        heldBytes = 0;
        start = end + 1;
        if (line.length > 0) onLine(line);
      }
      if (start < chunk.length) {
        parts.push(chunk.subarray(start));
        heldBytes += chunk.length - start;
      }
      return heldBytes <= mostBytes;
    },
  };
}
