import { type APIUser, MessageType } from 'discord-api-types/v10';
import type { WorldMessage } from '../world.ts';
import { timestampOf } from './world-time.ts';

export type MessageSeed = {
  id: string;
  channelId: string;
  author: APIUser;
  timeMs: number;
  content: string;
};

/** An ordinary message; `rest` makes it a special one. */
export function makeMessage(seed: MessageSeed, rest: Partial<WorldMessage> = {}): WorldMessage {
  return {
    id: seed.id,
    channel_id: seed.channelId,
    type: MessageType.Default,
    author: seed.author,
    content: seed.content,
    timestamp: timestampOf(seed.timeMs),
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    components: [],
    pinned: false,
    ...rest,
  };
}
