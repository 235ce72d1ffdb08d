import { MessageType } from 'discord-api-types/v10';
import { attachmentsOf } from '../attachment-index.ts';
import { invalidForm } from '../http/api-error.ts';
import {
  type ApiRequest,
  checkedChoice,
  queryBoolean,
  queryIds,
  queryInteger,
  queryTexts,
} from '../http/request.ts';
import type { SandboxState } from '../state.ts';
import type { WorldMessage } from '../world.ts';

type Test = (message: WorldMessage) => boolean;

export type Filter = {
  isMatch: Test;
  /** Messages of mere text cannot match. */
  isForRich: boolean;
};

const MAX_VALUES = 100;
const MAX_CONTENT_CHARS = 1024;
const MAX_SLOP = 100;

const hasTests: Record<string, Test> = {
  link: (message) => /https?:\/\//.test(message.content),
  embed: (message) => message.embeds.length > 0,
  file: (message) => attachmentsOf(message).length > 0,
  image: (message) => hasFileOfKind(message, 'image') || hasEmbed(message, 'image'),
  video: (message) => hasFileOfKind(message, 'video') || hasEmbed(message, 'video'),
  sound: (message) => hasFileOfKind(message, 'audio'),
  sticker: (message) => (message.sticker_items?.length ?? 0) > 0,
  poll: (message) => message.poll !== undefined,
  snapshot: (message) => (message.message_snapshots?.length ?? 0) > 0,
};
const hasOptions = Object.keys(hasTests).flatMap((name) => [name, `-${name}`]);
const authorTypes = ['user', 'bot', 'webhook', '-user', '-bot', '-webhook'] as const;
const embedTypes = ['image', 'video', 'gif', 'sound', 'article'] as const;

/**
 * All conditions of a search, bounds and channels apart. Values of one parameter are alternatives, their negations
 * all hold; different parameters all hold. Without MESSAGE_CONTENT only what the bot may read is found.
 */
export function readFilter(state: SandboxState, request: ApiRequest): Filter {
  const tests = [
    ...readTextTests(request),
    ...readPeopleTests(request),
    ...readFileTests(request),
    ...readFlagTests(request),
  ];
  if (!state.switches.messageContent) {
    const botId = state.world.bot.id;
    tests.push(({ author, mentions }) => author.id === botId || mentions.some(({ id }) => id === botId));
  }
  return { isMatch: (message) => tests.every((test) => test(message)), isForRich: isForRich(request.query) };
}

const richOptions = ['embed', 'file', 'image', 'video', 'sound', 'sticker', 'poll', 'snapshot'];
const richParameters = ['embed_type', 'embed_provider', 'attachment_extension', 'attachment_filename'];

function isForRich(query: URLSearchParams): boolean {
  const wanted = query.getAll('has').filter((option) => !option.startsWith('-'));
  return (
    (wanted.length > 0 && wanted.every((option) => richOptions.includes(option))) ||
    richParameters.some((name) => query.has(name))
  );
}

function readTextTests(request: ApiRequest): Test[] {
  queryInteger(request, 'slop', { least: 0, most: MAX_SLOP, otherwise: 2 });
  const content = request.query.get('content')?.toLowerCase() ?? '';
  if (content.length > MAX_CONTENT_CHARS) {
    throw invalidForm('content', 'BASE_TYPE_MAX_LENGTH', `Must be ${MAX_CONTENT_CHARS} or fewer in length.`);
  }
  const words = content.split(/\s+/).filter((word) => word !== '');
  const hosts = queryTexts(request, 'link_hostname', MAX_VALUES);
  return [
    ...words.map(
      (word): Test =>
        (message) =>
          message.content.toLowerCase().includes(word),
    ),
    ...anyOf(hosts, (message, host) => message.content.includes(`://${host}`)),
  ];
}

function readPeopleTests(request: ApiRequest): Test[] {
  const types = queryTexts(request, 'author_type', 6).map((type) =>
    checkedChoice('author_type', type, authorTypes),
  );
  const ids = (name: string) => queryIds(request, name, MAX_VALUES);
  return [
    ...anyOf(ids('author_id'), (message, id) => message.author.id === id),
    ...signed(types, (message, type) => authorType(message) === type),
    ...anyOf(ids('mentions'), (message, id) => message.mentions.some((user) => user.id === id)),
    ...anyOf(ids('mentions_role_id'), (message, id) => message.mention_roles.includes(id)),
    ...anyOf(ids('replied_to_message_id'), (message, id) => message.message_reference?.message_id === id),
    ...anyOf(ids('replied_to_user_id'), repliesTo),
  ];
}

function readFileTests(request: ApiRequest): Test[] {
  const has = queryTexts(request, 'has', 18).map((option) => checkedChoice('has', option, hasOptions));
  const embeds = queryTexts(request, 'embed_type', 5).map((type) =>
    checkedChoice('embed_type', type, embedTypes),
  );
  const texts = (name: string) => queryTexts(request, name, MAX_VALUES).map((value) => value.toLowerCase());
  return [
    ...signed(has, (message, option) => hasTests[option]?.(message) ?? false),
    ...anyOf(embeds, hasEmbed),
    ...anyOf(texts('embed_provider'), (message, name) =>
      message.embeds.some((embed) => embed.provider?.name?.toLowerCase() === name),
    ),
    ...anyOf(texts('attachment_extension'), (message, extension) =>
      attachmentsOf(message).some(({ filename }) => filename.toLowerCase().endsWith(`.${extension}`)),
    ),
    ...anyOf(texts('attachment_filename'), (message, name) =>
      attachmentsOf(message).some(({ filename }) => filename.toLowerCase().includes(name)),
    ),
  ];
}

function readFlagTests(request: ApiRequest): Test[] {
  const flag = (name: string, read: (message: WorldMessage) => boolean): Test[] => {
    if (!request.query.has(name)) return [];
    const wanted = queryBoolean(request, name);
    return [(message) => read(message) === wanted];
  };
  return [
    ...flag('pinned', (message) => message.pinned),
    ...flag('mention_everyone', (message) => message.mention_everyone),
  ];
}

function anyOf<Value>(values: Value[], isMatch: (message: WorldMessage, value: Value) => boolean): Test[] {
  return values.length === 0 ? [] : [(message) => values.some((value) => isMatch(message, value))];
}

/** Alternatives, of which those with a leading `-` must all be false instead. */
function signed(values: string[], isMatch: (message: WorldMessage, value: string) => boolean): Test[] {
  const negated = values.filter((value) => value.startsWith('-')).map((value) => value.slice(1));
  return [
    ...anyOf(
      values.filter((value) => !value.startsWith('-')),
      isMatch,
    ),
    ...negated.map(
      (value): Test =>
        (message) =>
          !isMatch(message, value),
    ),
  ];
}

/** An answer mentions whom it answers. */
function repliesTo(message: WorldMessage, userId: string): boolean {
  return message.type === MessageType.Reply && message.mentions.some(({ id }) => id === userId);
}

function authorType(message: WorldMessage): string {
  if (message.webhook_id) return 'webhook';
  return message.author.bot ? 'bot' : 'user';
}

function hasFileOfKind(message: WorldMessage, kind: string): boolean {
  return attachmentsOf(message).some(({ content_type }) => content_type?.startsWith(`${kind}/`));
}

/** Search calls `gif` what messages call `gifv`. */
function hasEmbed(message: WorldMessage, type: string): boolean {
  return message.embeds.some((embed) => embed.type === (type === 'gif' ? 'gifv' : type));
}
