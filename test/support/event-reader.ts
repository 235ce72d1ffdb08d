/** One event of a stream, with its data read. */
export type ToldEvent = { event: string; data: unknown };

/** Reads a stream of server-sent events, for as long as the test wants it. */
export class EventReader {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = '';
  isEnded = false;
  /** Comments so far: heartbeats. */
  comments = 0;
  /** As browsers keep it: from where a stream after this one goes on. */
  lastEventId: string | null = null;

  constructor(response: Response) {
    if (!response.body) throw new Error('the answer has no body');
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** The next event; null when the stream has ended. */
  async next(): Promise<ToldEvent | null> {
    for (;;) {
      const block = await this.#nextBlock();
      if (block === null) return null;
      const event = this.#read(block);
      if (event) return event;
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

  /** The next place to go on from; events before it are passed over. */
  async nextId(): Promise<string> {
    const before = this.lastEventId;
    while (this.lastEventId === before) {
      const block = await this.#nextBlock();
      if (block === null) throw new Error('the stream ended before it told where to go on from');
      this.#read(block);
    }
    return this.lastEventId ?? '';
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
  }

  async #nextBlock(): Promise<string | null> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return block;
      }
      const { value, done } = await this.#reader.read();
      if (done) {
        this.isEnded = true;
        return null;
      }
      this.#text += value;
    }
  }

  #read(block: string): ToldEvent | null {
    const fields = new Map(
      block.split('\n').map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
      }),
    );
    if (fields.has('')) this.comments += 1;
    this.lastEventId = fields.get('id') ?? this.lastEventId;
    const data = fields.get('data');
    if (data === undefined) return null;
    return { event: fields.get('event') ?? 'message', data: JSON.parse(data) };
  }
}
