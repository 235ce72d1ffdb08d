/** One event of a stream, with its data read. */
export type ToldEvent = { event: string; data: unknown; id: string | null };

/** Reads a stream of server-sent events, for as long as the test wants it. */
export class EventReader {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = '';
  isEnded = false;
  /** Comments so far: heartbeats. */
  comments = 0;

  constructor(response: Response) {
    if (!response.body) throw new Error('the answer has no body');
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** The next event; null when the stream has ended. */
  async next(): Promise<ToldEvent | null> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        const event = this.#read(block);
        if (event) return event;
        continue;
      }
      const { value, done } = await this.#reader.read();
      if (done) {
        this.isEnded = true;
        return null;
      }
      this.#text += value;
    }
  }

  /** The next event of a kind; others are passed over. */
  async nextOf(event: string): Promise<ToldEvent> {
    for (;;) {
      const told = await this.next();
      if (told === null) throw new Error(`the stream ended before it told of a ${event}`);
      if (told.event === event) return told;
    }
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
  }

  #read(block: string): ToldEvent | null {
    const fields = new Map(
      block.split('\n').map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
      }),
    );
    if (fields.has('')) this.comments += 1;
    const data = fields.get('data');
    if (data === undefined) return null;
    return { event: fields.get('event') ?? 'message', data: JSON.parse(data), id: fields.get('id') ?? null };
  }
}
