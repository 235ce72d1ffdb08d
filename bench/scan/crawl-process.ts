import { answerCalls, report } from './answer-calls.ts';
import { cpuMsOf } from './cpu-time.ts';
import { bareCrawler, discordJsCrawler, restCrawler } from './crawlers.ts';
import { justBelow, leanChannelId, leanMessageId } from './lean-messages.ts';
import { openScanEngine, type Place } from './scan-engine.ts';

/** One process that reads the same messages in four ways, in turns, and says what CPU each took. */

export type CrawlWay = 'bare' | 'fetch' | 'engine' | 'discordJs';
/** CPU in ms per 1,000 messages, of each round. */
export type CrawlTimes = Partial<Record<CrawlWay, number[]>>;
export type CrawlProcess = { measure: { input: Place & { rounds: number }; output: CrawlTimes } };

const PAGES_PER_ROUND = 50;
const MESSAGES_PER_ROUND = PAGES_PER_ROUND * 100;
const WARM_UP_ROUNDS = 3; // until the compiler has seen everything

answerCalls<CrawlProcess>({
  async measure({ rounds, ...place }) {
    const channelId = leanChannelId(0, (rounds + WARM_UP_ROUNDS + 1) * MESSAGES_PER_ROUND);
    const bare = bareCrawler(place.apiUrl);
    const discordJs = await discordJsCrawler(place.apiUrl);
    await using engine = openScanEngine(place);
    await engine.addChannel(channelId);
    const read = restCrawler(engine.rest);
    const ways: [CrawlWay, (top: number) => Promise<void>][] = [
      ['bare', (top) => bare(channelId, leanMessageId(channelId, top + 1), PAGES_PER_ROUND)],
      ['fetch', (top) => read(channelId, leanMessageId(channelId, top + 1), PAGES_PER_ROUND)],
      ['engine', (top) => engine.scan(channelId, justBelow(channelId, top - MESSAGES_PER_ROUND + 1))],
    ];
    if (discordJs) {
      ways.push([
        'discordJs',
        (top) => discordJs(channelId, leanMessageId(channelId, top + 1), PAGES_PER_ROUND),
      ]);
    }
    const times: CrawlTimes = {};
    for (let round = 0; round < rounds + WARM_UP_ROUNDS; round += 1) {
      const top = (rounds + WARM_UP_ROUNDS + 1 - round) * MESSAGES_PER_ROUND;
      for (const [way, crawl] of ways) {
        const cpuMs = await cpuMsOf(() => crawl(top));
        if (round >= WARM_UP_ROUNDS)
          times[way] = [...(times[way] ?? []), (cpuMs / MESSAGES_PER_ROUND) * 1000];
      }
      ways.push(...ways.splice(0, 1)); // each is the first as often as the others
      report(`crawl: round ${round + 1} of ${rounds + WARM_UP_ROUNDS}`);
    }
    bare.close();
    await discordJs?.close();
    return times;
  },
});
