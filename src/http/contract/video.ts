import { z } from 'zod';
import { boundedCount, id, pageOf, time } from './answer-parts.ts';

export const author = z
  .object({
    id,
    username: z.string().nullable(),
    globalName: z.string().nullable(),
    avatar: z.string().nullable(),
  })
  .meta({ id: 'Author', description: 'Who posted a video.' });
export type Author = z.infer<typeof author>;

export const clip = z
  .object({
    createdAt: time.nullable().meta({ description: 'When it was played.' }),
    application: z.string().nullable().meta({ description: 'The game.' }),
    participants: z.array(
      z.object({ id, username: z.string().nullable(), globalName: z.string().nullable() }),
    ),
  })
  .meta({ id: 'Clip', description: "Recorded in a game with Discord's clips." });
export type Clip = z.infer<typeof clip>;

export const video = z
  .object({
    id: z.string().meta({
      description:
        'Attachment id, or a key made of message and place (<message>-e0): what /videos/{id}/… takes.',
    }),
    messageId: id,
    channelId: id,
    channelName: z.string().nullable(),
    guildId: id,
    guildName: z.string(),
    author: author.nullable(),
    postedAt: time,
    filename: z.string(),
    title: z.string().nullable().meta({
      description: 'The real file name where Discord keeps one (filename loses non-ASCII characters).',
    }),
    extension: z.string().nullable().meta({
      description: "The format by which it counts; null where an embed's player names none.",
    }),
    contentType: z.string().nullable(),
    sizeBytes: z.number().nullable(),
    width: z.number().nullable(),
    height: z.number().nullable(),
    durationSecs: z.number().nullable(),
    placeholder: z.string().nullable().meta({ description: 'ThumbHash, base64.' }),
    hasFile: z.boolean().meta({
      description: '/videos/{id}/stream leads to the file. False: only a page elsewhere plays it, pageUrl.',
    }),
    pageUrl: z.string().nullable().meta({
      description: 'Of what was linked rather than uploaded: the page that shows it, always http or https.',
    }),
    provider: z
      .string()
      .nullable()
      .meta({ description: 'Whose page that is, where Discord tells ("YouTube").' }),
    isGif: z
      .boolean()
      .meta({ description: 'A moving picture without sound and controls, as Discord shows it.' }),
    hasPoster: z.boolean().meta({ description: '/videos/{id}/poster can be asked for a still.' }),
    isSpoiler: z.boolean(),
    isAgeRestricted: z
      .boolean()
      .meta({ description: 'Of an age-restricted channel: blurred until the viewer opts in.' }),
    isClip: z.boolean(),
    clip: clip
      .nullable()
      .meta({ description: "What Discord's own recorder tells of a clip; null for all others." }),
    source: z.enum(['attachment', 'forward', 'embed', 'component']),
    caption: z.string().nullable(),
    foundBy: z.enum(['live', 'history', 'index']),
    isConfirmed: z.boolean().meta({
      description: "False: only Discord's search index has told of it, its message was not read yet.",
    }),
    cursor: z.string().meta({ description: 'The cursor of this place in the newest-first list of videos.' }),
    messageUrl: z.string().meta({ description: 'The message on Discord.' }),
  })
  .meta({ id: 'Video' });
export type Video = z.infer<typeof video>;
export const videoPage = pageOf('VideoPage', video);
export const videoCount = boundedCount;
