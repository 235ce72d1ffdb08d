import type { WorldMessage } from '../world.ts';
import type { Moment } from './moment.ts';
import { timestampOf } from './world-time.ts';

const EDIT_CHANCE = 0.04;
const MAX_REACTION_KINDS = 4;

/** What happens to a message after it was posted: reactions, and now and then an edit. */
export function addAfterlife(moment: Moment, message: WorldMessage): void {
  const { random, speech } = moment.channel;
  const hasFiles = message.attachments.length > 0;
  if (random.chance(hasFiles ? 0.55 : 0.08)) {
    const kinds = new Set<string>();
    for (let left = random.int(1, MAX_REACTION_KINDS); left > 0; left -= 1)
      kinds.add(random.pick(speech.book.reactions));
    message.reactions = [...kinds].map((name) =>
      makeReaction(name, 1 + Math.floor(random.next() ** 2 * (hasFiles ? 14 : 5))),
    );
  }
  if (message.content !== '' && random.chance(EDIT_CHANCE)) {
    message.edited_timestamp = timestampOf(moment.timeMs + random.int(8_000, 1_500_000));
  }
}

function makeReaction(name: string, count: number) {
  return {
    emoji: { id: null, name },
    count,
    count_details: { burst: 0, normal: count },
    burst_colors: [],
    me: false,
    me_burst: false,
  };
}
