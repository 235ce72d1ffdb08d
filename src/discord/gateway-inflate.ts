import { constants, createInflate } from 'node:zlib';

/** `zlib-stream`: one stream over the whole connection; each message ends with these four bytes. */
const MESSAGE_END = Buffer.from([0x00, 0x00, 0xff, 0xff]);
const CHUNK_BYTES = 64 * 1024;
/** Of one message, inflated. The largest, a guild with all its channels and roles, is a few megabytes. */
export const MAX_MESSAGE_BYTES = 128 * 1024 * 1024;

/** Inflates the binary frames of one connection and hands over the text of each message, in order. */
export function createGatewayInflate(onText: (text: string) => void, onError: (error: Error) => void) {
  const stream = createInflate({ chunkSize: CHUNK_BYTES, flush: constants.Z_SYNC_FLUSH });
  let chunks: Buffer[] = [];
  let sizeBytes = 0;
  stream.on('error', onError);
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_MESSAGE_BYTES) stream.destroy(new Error('a message of the gateway is too large'));
  });
  return {
    push(frame: Buffer): void {
      const isEnd = frame.subarray(-MESSAGE_END.length).equals(MESSAGE_END);
      // The callback comes after the output of this very frame, so messages stay apart and in order.
      stream.write(frame, (error) => {
        if (error || !isEnd) return;
        const text = Buffer.concat(chunks, sizeBytes).toString('utf8');
        chunks = [];
        sizeBytes = 0;
        onText(text);
      });
    },
    close(): void {
      stream.destroy();
    },
  };
}
