import { constants, createDeflate, deflateSync } from 'node:zlib';
import type { WebSocket } from 'ws';

/** How payloads travel: as text, as one zlib stream for the connection, or each compressed by itself. */
export type Compression = 'none' | 'zlib-stream' | 'payload';

/** One direction of a connection: payloads go out in the order of the calls. */
export type Wire = {
  send(text: string): void;
  /** Sends what was handed over before, then closes. */
  close(code: number, reason: string): void;
  /** Compresses payloads one by one from now on, unless the connection is a stream already. */
  compressPayloads(): void;
  release(): void;
};

export function createWire(socket: WebSocket, isStream: boolean): Wire {
  if (isStream) return createStreamWire(socket);
  let compression: Compression = 'none';
  return {
    send: (text) => socket.send(compression === 'payload' ? deflateSync(text) : text),
    close: (code, reason) => socket.close(code, reason),
    compressPayloads: () => {
      compression = 'payload';
    },
    release: () => {},
  };
}

/** Each payload ends with a sync flush, which is how a client knows that it is whole. */
function createStreamWire(socket: WebSocket): Wire {
  const deflate = createDeflate();
  let chunks: Buffer[] = [];
  let last: Promise<void> = Promise.resolve();
  let isReleased = false;
  deflate.on('data', (chunk: Buffer) => chunks.push(chunk));

  const compress = (text: string) =>
    new Promise<void>((done) => {
      if (isReleased) return done();
      deflate.write(text);
      deflate.flush(constants.Z_SYNC_FLUSH, () => {
        const payload = Buffer.concat(chunks);
        chunks = [];
        if (socket.readyState === socket.OPEN) socket.send(payload);
        done();
      });
    });

  return {
    send(text) {
      last = last.then(() => compress(text));
    },
    close(code, reason) {
      last = last.then(() => socket.close(code, reason));
    },
    compressPayloads: () => {},
    release() {
      isReleased = true;
      // An orderly end: a flush that is under way still calls back.
      last.then(() => deflate.close());
    },
  };
}
