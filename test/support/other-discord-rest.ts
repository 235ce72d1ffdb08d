import { ApplicationFlags, PermissionFlagsBits } from 'discord-api-types/v10';
import {
  BOT_ID,
  GUILD_ID,
  OWNER_ID,
  type Wire,
  type WireChannel,
  type WireGuild,
  type WireMessage,
} from './other-discord-payloads.ts';

const VIEW = PermissionFlagsBits.ViewChannel;
const READ = VIEW | PermissionFlagsBits.ReadMessageHistory | PermissionFlagsBits.Connect;

/** What a test may change while the server runs. */
export type Hooks = {
  /** The flags of our application; undefined when they are not told. */
  applicationFlags: number | undefined;
  /** Whether @everyone may read the history. Without it, pages are empty. */
  isReadable: boolean;
  /** Waited for before the nth page of more than one message is made. */
  beforePage: (nth: number) => void | Promise<void>;
  page: (messages: WireMessage[], nth: number) => Wire[];
  guild: (guild: WireGuild) => Wire;
  channel: (channel: WireChannel) => Wire;
};

const usualHooks: Readonly<Hooks> = {
  applicationFlags: ApplicationFlags.GatewayMessageContent,
  isReadable: true,
  beforePage: () => {},
  page: (messages) => messages,
  guild: (guild) => guild,
  channel: (channel) => channel,
};

type Channel = { fields: WireChannel; messages: WireMessage[] };
type Answer = { status: number; body: unknown };

/** What the server knows, as its requests and events show it. */
export class OtherDiscordRest {
  readonly hooks: Hooks = { ...usualHooks };
  readonly channels = new Map<string, Channel>();
  /** How many pages of more than one message were asked for. */
  pages = 0;

  async answer(path: string, query: URLSearchParams): Promise<Answer> {
    const [kind, id = '', part, last] = path.split('/').slice(1);
    const channel = this.channels.get(id);
    switch (`${kind} ${part ?? ''}`) {
      case 'users ':
        return found({ id: BOT_ID, username: 'bot' });
      case 'applications ':
        return found({ id: BOT_ID, flags: this.hooks.applicationFlags });
      case 'guilds ':
        return found(this.viewGuild(id));
      case 'guilds members':
        return found({ user: { id: BOT_ID }, roles: [] });
      case 'channels ':
        return found(channel && this.#viewChannel(channel));
      case 'channels messages':
        return found(channel && !last ? await this.#viewPage(channel, query) : undefined);
      default:
        return found(undefined);
    }
  }

  /** The guild as GUILD_CREATE tells of it, before hooks change it. */
  viewGuild(guildId = GUILD_ID): WireGuild {
    const own = [...this.channels.values()].filter(({ fields }) => fields.guild_id === guildId);
    const permissions = String(this.hooks.isReadable ? READ : VIEW);
    return {
      id: guildId,
      name: 'Testers',
      icon: null,
      owner_id: OWNER_ID,
      joined_at: '2020-01-01T00:00:00Z',
      roles: [{ id: guildId, name: '@everyone', permissions, position: 0 }],
      members: [{ user: { id: BOT_ID }, roles: [] }],
      channels: own.map((channel) => this.#viewChannel(channel)),
      threads: [],
    };
  }

  #viewChannel({ fields, messages }: Channel): Wire {
    return this.hooks.channel({ ...fields, last_message_id: messages.at(-1)?.id ?? null });
  }

  async #viewPage({ messages }: Channel, query: URLSearchParams): Promise<Wire[]> {
    const limit = Number(query.get('limit') ?? 50);
    if (limit > 1) this.pages += 1;
    const nth = this.pages;
    if (limit > 1) await this.hooks.beforePage(nth);
    if (!this.hooks.isReadable) return [];
    const before = BigInt(query.get('before') ?? 2n ** 63n);
    const page = messages
      .filter((message) => BigInt(message.id) < before)
      .slice(-limit)
      .reverse();
    return limit > 1 ? this.hooks.page(page, nth) : page;
  }
}

function found(body: unknown): Answer {
  return body === undefined
    ? { status: 404, body: { message: '404: Not Found', code: 0 } }
    : { status: 200, body };
}
