import { answerCalls, report } from './answer-calls.ts';
import { leanChannelId } from './lean-messages.ts';
import { openScanEngine, type Place } from './scan-engine.ts';

/** A process that scans many channels at the same time. */
export type WalkProcess = {
  /** Heap in use before and after, with nothing left to collect. */
  scan: {
    input: Place & Channels & { warmUp: Channels };
    output: { beforeBytes: number; afterBytes: number };
  };
  /** Scans one channel again and again. */
  rescan: { input: Place & { messages: number; times: number }; output: object };
};
export type Channels = { channels: number; messages: number };

answerCalls<WalkProcess>({
  async scan({ channels, messages, warmUp, ...place }) {
    await using engine = openScanEngine(place);
    const scanAll = async (first: number, { channels, messages }: Channels) => {
      const ids = Array.from({ length: channels }, (_, nth) => leanChannelId(first + nth, messages));
      for (const id of ids) await engine.addChannel(id);
      await Promise.all(ids.map((id) => engine.scan(id)));
    };
    await scanAll(0, warmUp);
    const beforeBytes = await heapInUse();
    await scanAll(warmUp.channels, { channels, messages });
    report(`memory: ${(channels * messages).toLocaleString('en')} messages read in ${channels} channels`);
    return { beforeBytes, afterBytes: await heapInUse() };
  },

  async rescan({ messages, times, ...place }) {
    await using engine = openScanEngine(place);
    const channelId = leanChannelId(0, messages);
    await engine.addChannel(channelId);
    for (let time = 0; time < times; time += 1) await engine.scan(channelId);
    return {};
  },
});

/** Twice, with a turn of the event loop between: what was finalized in the first collection goes in the second. */
async function heapInUse(): Promise<number> {
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 100));
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
