import { ComponentType } from 'discord-api-types/v10';
import type { WorldAttachment, WorldMessage } from '../world.ts';
import { externalClip } from './external-clip.ts';
import type { Moment } from './moment.ts';
import { makeVideo } from './videos.ts';

/** A bot's message in components: a gallery of what was best, and one file. */
export function makeDigest({ channel, scene, timeMs }: Moment): {
  attachments: WorldAttachment[];
  components: NonNullable<WorldMessage['components']>;
} {
  const { random, speech } = channel;
  const scenery = { random, mintId: scene.mintId, book: speech.book, timeMs, company: [] };
  const [first, second, extra] = ['best-of-the-week', 'runner-up', 'all-in-one'].map((name) => {
    const { title: _, description: __, ...video } = makeVideo(scenery);
    return { ...video, filename: `${name}.${video.clip?.split('.').at(-1) ?? 'mp4'}` };
  }) as [WorldAttachment, WorldAttachment, WorldAttachment];
  const item = (file: WorldAttachment, description: string) => ({
    media: { id: file.id, url: `attachment://${file.filename}`, proxy_url: '', attachment_id: file.id },
    description,
    spoiler: false,
  });
  return {
    attachments: [first, second, extra],
    components: [
      { type: ComponentType.TextDisplay, id: 1, content: `### ${random.pick(headings)}` },
      {
        type: ComponentType.MediaGallery,
        id: 2,
        items: [item(first, speech.caption()), item(second, speech.caption()), guestOf(scene.mintId(timeMs))],
      },
      {
        type: ComponentType.File,
        id: 3,
        file: item(extra, '').media,
        name: extra.filename,
        size: extra.size,
        spoiler: false,
      },
    ],
  };
}

/** A video of another site, which the bot shows beside those of its own. */
function guestOf(id: string) {
  const { clip, copyOf } = externalClip(Number(BigInt(id) % 1_000n));
  return {
    media: {
      id,
      url: `https://films.example.com/guests/${clip.file}`,
      proxy_url: copyOf(clip.file),
      content_type: clip.contentType,
      width: clip.width,
      height: clip.height,
      placeholder: clip.placeholder,
      placeholder_version: 1,
    },
    description: 'Our guest of the week',
    spoiler: false,
  };
}

const headings = [
  'The week in motion',
  'Your favourites of the week',
  'Most applauded since Monday',
  'What we watched twice',
];
