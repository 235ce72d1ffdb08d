import { type APIPoll, PollLayoutType } from 'discord-api-types/v10';
import type { Moment } from './moment.ts';
import type { PollQuestion } from './phrases/small-talk.ts';
import { DAY_MS, timestampOf } from './world-time.ts';

export function makePoll(
  { channel: { random }, timeMs }: Moment,
  { question, answers }: PollQuestion,
): APIPoll {
  return {
    question: { text: question },
    answers: answers.map((text, place) => ({ answer_id: place + 1, poll_media: { text } })),
    expiry: timestampOf(timeMs + random.int(1, 7) * DAY_MS),
    allow_multiselect: random.chance(0.3),
    layout_type: PollLayoutType.Default,
    results: {
      is_finalized: true,
      answer_counts: answers.map((_, place) => ({
        id: place + 1,
        count: random.int(0, 12),
        me_voted: false,
      })),
    },
  };
}
