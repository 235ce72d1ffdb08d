/** Payloads of messages with videos, as Discord sends them; a test may change any field. */
type Wire = Record<string, unknown>;

export const EXPIRY = 'ex=65a1b2c3&is=1&hm=f';
const EXTERNAL = 'https://images-ext-1.discordapp.net/external/x1y2';

export const anAttachment = (over: Wire = {}): Wire => ({
  id: '1100000000000000001',
  filename: 'clip.mp4',
  size: 1234,
  url: `https://cdn.discordapp.com/attachments/1/2/clip.mp4?${EXPIRY}`,
  proxy_url: `https://media.discordapp.net/attachments/1/2/clip.mp4?${EXPIRY}`,
  content_type: 'video/mp4',
  width: 1280,
  height: 720,
  duration_secs: 4.5,
  ...over,
});

export const aMessage = (over: Wire = {}): Wire => ({
  id: '1100000000000000009',
  timestamp: '2023-04-24T10:00:00.000000+00:00',
  content: 'look',
  author: { id: '80', username: 'ada', global_name: 'Ada', avatar: null },
  attachments: [],
  embeds: [],
  components: [],
  ...over,
});

/** A player on another site. */
export const aPlayer = (over: Wire = {}): Wire => ({
  type: 'video',
  url: 'https://tube.example/watch?v=1',
  title: 'How kites fly',
  provider: { name: 'Example Tube', url: 'https://tube.example' },
  thumbnail: {
    url: 'https://img.tube.example/1.jpg',
    proxy_url: `${EXTERNAL}/https/img.tube.example/1.jpg`,
    width: 1280,
    height: 720,
    placeholder: 'thumb',
  },
  video: { url: 'https://tube.example/embed/1', width: 1280, height: 720 },
  ...over,
});

/** A moving picture from another site, of which Discord has a copy. */
export const aGif = (over: Wire = {}): Wire => ({
  type: 'gifv',
  url: 'https://gifs.example/view/wave-1',
  provider: { name: 'Example Gifs' },
  thumbnail: { url: 'https://gifs.example/1.png', proxy_url: `${EXTERNAL}/https/gifs.example/1.png` },
  video: {
    url: 'https://gifs.example/m/wave.mp4',
    proxy_url: `${EXTERNAL}/https/gifs.example/m/wave.mp4`,
    width: 498,
    height: 372,
  },
  ...over,
});

/** A medium as galleries, files and thumbnails hold it. */
export const aMedium = (over: Wire = {}): Wire => ({
  url: `https://cdn.discordapp.com/attachments/1/70/upload.webm?${EXPIRY}`,
  proxy_url: `https://media.discordapp.net/attachments/1/70/upload.webm?${EXPIRY}`,
  content_type: 'video/webm',
  attachment_id: '70',
  width: 640,
  height: 360,
  ...over,
});
