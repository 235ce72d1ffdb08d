import { MessageFlags, MessageReferenceType, MessageType } from 'discord-api-types/v10';
import type { WorldMessage } from '../world.ts';
import { makeDigest } from './digest.ts';
import { gifEmbed, videoEmbed } from './embeds.ts';
import { makeMessage } from './message.ts';
import { type Moment, recentMessage } from './moment.ts';
import { makeFile } from './other-files.ts';
import { codeBlocks, emojiLines, linkLines, pollQuestions } from './phrases/small-talk.ts';
import { makePoll } from './polls.ts';
import { makeVideo } from './videos.ts';

export type PostKind =
  | 'opener'
  | 'answer'
  | 'reply'
  | 'mention'
  | 'emoji'
  | 'link'
  | 'code'
  | 'file'
  | 'video'
  | 'videoEmbed'
  | 'gif'
  | 'digest'
  | 'poll'
  | 'forward'
  | 'pin';

/** Videos posted without a word. */
const NO_CAPTION_CHANCE = 0.14;

export const postWriters: Record<PostKind, (moment: Moment) => WorldMessage> = {
  opener: (moment) => post(moment, say(moment, 'openers')),
  answer: (moment) => post(moment, say(moment, 'answers')),
  emoji: (moment) => post(moment, moment.channel.random.pick(emojiLines)),
  link: (moment) => post(moment, moment.channel.speech.say(linkLines)),
  code: (moment) => post(moment, moment.channel.random.pick(codeBlocks)),
  reply: writeReply,
  mention: writeMention,
  file: writeFile,
  video: writeVideo,
  videoEmbed: (moment) => writeEmbed(moment, videoEmbed(moment)),
  gif: (moment) => writeEmbed(moment, gifEmbed(moment)),
  digest: writeDigest,
  poll: (moment) => post(moment, '', { poll: makePoll(moment, moment.channel.random.pick(pollQuestions)) }),
  forward: writeForward,
  pin: writePin,
};

function writeVideo(moment: Moment): WorldMessage {
  const { channel, scene, timeMs, company, videoCount } = moment;
  const content = channel.random.chance(NO_CAPTION_CHANCE) ? '' : channel.speech.caption();
  const attachments = Array.from({ length: videoCount }, () =>
    makeVideo({ random: channel.random, mintId: scene.mintId, book: channel.speech.book, timeMs, company }),
  );
  if (channel.random.chance(0.03)) attachments.push(makeFile(moment, 'png'));
  return post(moment, content, { attachments });
}

function writeFile(moment: Moment): WorldMessage {
  const file = makeFile(moment);
  const isVoice = file.waveform !== undefined;
  return post(moment, isVoice || moment.channel.random.chance(0.4) ? '' : say(moment, 'answers'), {
    attachments: [file],
    ...(isVoice && { flags: MessageFlags.IsVoiceMessage }),
  });
}

function writeReply(moment: Moment): WorldMessage {
  const answered = recentMessage(moment.channel);
  const content = say(moment, 'answers');
  if (!answered || answered.type === MessageType.ChannelPinnedMessage) return post(moment, content);
  return post(moment, content, {
    type: MessageType.Reply,
    mentions: moment.channel.random.chance(0.7) ? [answered.author] : [],
    message_reference: referenceTo(moment, answered),
  });
}

function writeMention(moment: Moment): WorldMessage {
  const { channel, scene, company } = moment;
  const addressed = channel.random.pick(company);
  const answer = say(moment, 'answers');
  const mentionable = [...scene.guild.roles.values()].filter((role) => role.mentionable);
  const role =
    mentionable.length > 0 && channel.random.chance(0.12) ? channel.random.pick(mentionable) : undefined;
  return post(moment, role ? `<@&${role.id}> ${answer}` : `<@${addressed.id}> ${answer}`, {
    ...(role ? { mention_roles: [role.id] } : { mentions: [addressed] }),
  });
}

function writeEmbed(moment: Moment, embed: WorldMessage['embeds'][number]): WorldMessage {
  return post(moment, embed.url ?? '', { embeds: [embed] });
}

/** The community's bot sums up the week with a gallery. */
function writeDigest(moment: Moment): WorldMessage {
  const { attachments, components } = makeDigest(moment);
  return post({ ...moment, author: moment.scene.cast.helper ?? moment.author }, '', {
    attachments,
    components,
    flags: MessageFlags.IsComponentsV2,
  });
}

/** Brings an earlier video of the guild here. Its files are copies with ids of their own, its author is left out. */
function writeForward(moment: Moment): WorldMessage {
  const { channel, scene, timeMs } = moment;
  const original = scene.forwardable.length > 0 ? channel.random.pick(scene.forwardable) : undefined;
  if (!original || Date.parse(original.timestamp) >= timeMs) return post(moment, say(moment, 'openers'));
  const { type, content, embeds, timestamp, edited_timestamp } = original;
  const attachments = original.attachments.map((file) => ({ ...file, id: scene.mintId(timeMs - 100) }));
  return post(moment, '', {
    flags: MessageFlags.HasSnapshot,
    message_reference: { ...referenceTo(moment, original), type: MessageReferenceType.Forward },
    message_snapshots: [
      {
        message: {
          type: type === MessageType.Reply ? MessageType.Default : type,
          content,
          embeds,
          timestamp,
          edited_timestamp,
          attachments,
          mentions: [],
          mention_roles: [],
          components: [],
        },
      },
    ],
  });
}

function writePin(moment: Moment): WorldMessage {
  const pinned = recentMessage(moment.channel);
  if (!pinned || pinned.type === MessageType.ChannelPinnedMessage)
    return post(moment, say(moment, 'answers'));
  pinned.pinned = true;
  return post(moment, '', {
    type: MessageType.ChannelPinnedMessage,
    message_reference: referenceTo(moment, pinned),
  });
}

function post({ channel, scene, author, timeMs }: Moment, content: string, rest: Partial<WorldMessage> = {}) {
  const seed = { id: scene.mintId(timeMs), channelId: channel.entry.channel.id, author, timeMs, content };
  return makeMessage(seed, rest);
}

function say({ channel: { speech } }: Moment, kind: 'openers' | 'answers'): string {
  return speech.say(speech.book[kind]);
}

function referenceTo({ scene }: Moment, message: WorldMessage) {
  return {
    type: MessageReferenceType.Default,
    message_id: message.id,
    channel_id: message.channel_id,
    guild_id: scene.guild.id,
  };
}
