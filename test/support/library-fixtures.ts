import { upsertChannels } from '../../src/db/channels-sync.ts';
import type { Database } from '../../src/db/database.ts';
import { upsertGuild } from '../../src/db/guilds.ts';
import type { PostedVideo } from '../../src/db/videos.ts';

/** A guild with one reading text channel; ids as given. */
export async function addReadingChannel(db: Database, guildId: string, channelId: string): Promise<void> {
  await upsertGuild(db, { id: guildId, name: 'Testers', icon: null, ownerUserId: null });
  await upsertChannels(db, guildId, [
    {
      id: channelId,
      name: 'clips',
      type: 'text',
      isNsfw: false,
      parentId: null,
      position: 0,
      overwrites: [],
      newestMessageId: null,
    },
  ]);
  await db.pool.query('update bot_channels set is_reading = true where channel_id = $1', [channelId]);
}

export function aVideo(
  over: Partial<PostedVideo> & Pick<PostedVideo, 'id' | 'messageId' | 'channelId'>,
): PostedVideo {
  return {
    authorId: null,
    postedAt: '2026-01-01T00:00:00.000Z',
    editedAt: null,
    filename: 'clip.mp4',
    title: null,
    formats: ['mp4'],
    contentType: 'video/mp4',
    sizeBytes: 1000,
    width: 640,
    height: 360,
    durationSecs: 3,
    placeholder: null,
    isSpoiler: false,
    isClip: false,
    clipCreatedAt: null,
    clipApplication: null,
    clipParticipants: null,
    source: 'attachment',
    caption: null,
    url: 'https://cdn.example/clip.mp4?ex=6a000000',
    proxyUrl: null,
    urlExpiresAt: '2026-05-09T00:00:00.000Z',
    pageUrl: null,
    embedType: null,
    provider: null,
    thumbnailUrl: null,
    ...over,
  };
}
