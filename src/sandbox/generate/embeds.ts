import { EmbedType } from 'discord-api-types/v10';
import type { WorldMessage } from '../world.ts';
import { externalClip } from './external-clip.ts';
import type { Moment } from './moment.ts';

type Embed = WorldMessage['embeds'][number];

const providers = [
  { name: 'Example Tube', host: 'watch.example.com' },
  { name: 'Reels of Example', host: 'reels.example.net' },
];

/** What Discord shows for a link to a video page: a player, of which it has no copy. */
export function videoEmbed({ channel, scene, timeMs }: Moment): Embed {
  const { random, speech } = channel;
  const provider = random.pick(providers);
  const number = Number(BigInt(scene.mintId(timeMs)) % 2_176_782_336n);
  const code = number.toString(36);
  const picture = `https://img.${provider.host}/${code}.jpg`;
  return {
    type: EmbedType.Video,
    url: `https://${provider.host}/watch?v=${code}`,
    title: speech.say(speech.book.titles),
    color: random.int(0, 0xffffff),
    provider: { name: provider.name, url: `https://${provider.host}` },
    thumbnail: {
      url: picture,
      proxy_url: externalClip(number).stillOf(`${code}.jpg`),
      width: 1280,
      height: 720,
    },
    video: { url: `https://${provider.host}/embed/${code}`, width: 1280, height: 720 },
  };
}

/** What Discord shows for a link to a moving picture: a silent video, of which it has a copy. */
export function gifEmbed({ channel: { random } }: Moment): Embed {
  const name = random.pick([
    'happy-dance',
    'slow-clap',
    'shrug',
    'cat-on-a-skateboard',
    'confetti',
    'facepalm-but-kind',
  ]);
  const host = 'gifs.example.org';
  const code = random.int(1_000_000, 99_999_999);
  const { clip, copyOf, stillOf } = externalClip(code);
  const size = { width: clip.width, height: clip.height };
  const file = `${name}.${clip.file.split('.').at(-1)}`;
  return {
    type: EmbedType.GIFV,
    url: `https://${host}/view/${name}-${code}`,
    provider: { name: 'Example Gifs', url: `https://${host}` },
    thumbnail: {
      url: `https://media.${host}/${code}/${name}.png`,
      proxy_url: stillOf(`${name}.png`),
      ...size,
    },
    video: { url: `https://media.${host}/${code}/${file}`, proxy_url: copyOf(file), ...size },
  };
}
