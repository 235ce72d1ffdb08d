import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

export type RecordingProxy = {
  url: string;
  /** Bodies of answers, and what requests were authorized with: all that goes between a program and its Discord. */
  heard: string[];
  close(): Promise<void>;
};

/** Stands between a program and the sandbox, and knows every secret that goes by. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const heard: string[] = [];
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing, target, heard).catch(() => outgoing.destroy()); // as the sandbox did
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    heard,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function pass(incoming: IncomingMessage, outgoing: ServerResponse, target: string, heard: string[]) {
  heard.push(String(incoming.headers.authorization));
  const headers = { ...incoming.headers, 'accept-encoding': 'identity' };
  const asked = request(new URL(incoming.url ?? '/', target), { method: incoming.method, headers });
  const answered = once(asked, 'response');
  asked.end(await read(incoming, heard));
  const [answer] = (await answered) as [IncomingMessage];
  outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
  outgoing.end(await read(answer, heard));
}

async function read(message: IncomingMessage, heard: string[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  heard.push(body.toString());
  return body;
}
