import type { APIUser } from 'discord-api-types/v10';
import { DiscordError } from '../discord/discord-error.ts';
import { hasMessageContent } from '../discord/intents.ts';
import type { CallOptions, DiscordRest } from '../discord/rest.ts';
import { compareSnowflakes } from '../discord/snowflake.ts';
import { withDeadline } from '../lib/deadline.ts';
import { messageOf } from '../lib/errors.ts';
import { plainText } from '../lib/plain-text.ts';
import { checkClient } from './client-checks.ts';
import { developerPortal, type Finding, fail, ok, warn } from './finding.ts';
import { checkPermissions } from './permission-checks.ts';

const REACH_DEADLINE_MS = 10_000;
const MAX_CLOCK_SKEW_SECS = 30; // signed links are judged by our clock five minutes before they expire
const LOW_SESSION_STARTS = 50; // of 1,000 a day; at none left Discord resets the token

const GUILD_PAGE_SIZE = 200; // the most that Discord gives at once
const MAX_GUILDS = 2_500; // a bot that needs no sharding is in fewer

/** The Discord that is examined, and how: `call` goes along with each request. */
export type DiscordPatient = {
  apiUrl: string;
  /** Either is null: nobody logs in here. */
  clientId: string | null;
  clientSecret: string | null;
  rest: DiscordRest;
  call: CallOptions & { signal: AbortSignal };
};

/** From the network up: each check needs the one before it. */
export async function* checkDiscord(patient: DiscordPatient): AsyncGenerator<Finding> {
  const { apiUrl, clientId, clientSecret, call } = patient;
  const reached = await checkReach(apiUrl, call.signal);
  yield* reached;
  if (reached.some(({ status }) => status === 'fail')) return;
  if (clientId !== null && clientSecret !== null) {
    yield await checkClient({ apiUrl, clientId, clientSecret }, call.signal);
  }
  yield* checkBot(patient);
}

async function checkReach(apiUrl: string, signal: AbortSignal): Promise<Finding[]> {
  try {
    const response = await withDeadline(REACH_DEADLINE_MS, signal, (inTime) =>
      fetch(`${apiUrl}/v10/gateway`, { signal: inTime }),
    );
    await response.body?.cancel();
    return [ok('Discord', `${apiUrl} answers`), ...checkClock(response.headers.get('date'))];
  } catch (error) {
    signal.throwIfAborted();
    return [
      fail(
        'Discord',
        `${apiUrl} does not answer (${messageOf(error)}).`,
        'Check the network, a firewall or proxy, and DISCORD_API_URL.',
      ),
    ];
  }
}

export function checkClock(date: string | null, nowMs = Date.now()): Finding[] {
  const serverMs = Date.parse(date ?? '');
  if (Number.isNaN(serverMs)) return [];
  const skewSecs = Math.round((nowMs - serverMs) / 1000);
  if (Math.abs(skewSecs) <= MAX_CLOCK_SKEW_SECS) return [ok('clock', 'agrees with that of Discord')];
  const direction = skewSecs > 0 ? 'ahead of' : 'behind';
  return [
    warn(
      'clock',
      `This machine is ${Math.abs(skewSecs)} s ${direction} Discord, so links are renewed at the wrong time.`,
      'Set the clock, best by a time service (for example: timedatectl set-ntp true).',
    ),
  ];
}

async function* checkBot(patient: DiscordPatient): AsyncGenerator<Finding> {
  let bot: APIUser;
  try {
    bot = await patient.rest.getCurrentUser(patient.call);
  } catch (error) {
    if (!(error instanceof DiscordError)) throw error;
    yield error.kind === 'unauthorized' ? tokenRefused : refusal('token', error);
    return;
  }
  yield ok('token', `belongs to the bot ${plainText(bot.username)} (${bot.id})`);
  yield await orRefusal('message content intent', () => checkIntent(patient));
  yield await orRefusal('gateway', () => checkGateway(patient));
  yield* checkGuilds(patient, bot.id);
}

const tokenRefused = fail(
  'token',
  'Discord refuses DISCORD_BOT_TOKEN.',
  `Open ${developerPortal}, choose the application, Bot, Reset Token, and set the new one.`,
);

async function checkIntent({ rest, call }: DiscordPatient): Promise<Finding> {
  const application = await rest.getCurrentApplication(call);
  if (hasMessageContent(application.flags ?? 0)) return ok('message content intent', 'switched on');
  return fail(
    'message content intent',
    'Switched off: Discord hides attachments, so no video can be found.',
    `Open ${developerPortal}/${application.id}/bot and switch on "Message Content Intent" under "Privileged Gateway Intents".`,
  );
}

async function checkGateway({ rest, call }: DiscordPatient): Promise<Finding> {
  const { session_start_limit: starts } = await rest.getGatewayBot(call);
  const message = `${starts.remaining} of ${starts.total} session starts left`;
  if (starts.remaining >= Math.min(LOW_SESSION_STARTS, starts.total)) return ok('gateway', message);
  const hours = Math.ceil(starts.reset_after / 3_600_000);
  return warn('gateway', `${message}, new ones in ${hours} h.`, 'Find out what restarts so often, and wait.');
}

/** One guild after another: the doctor is not in a hurry, and Discord counts requests. */
async function* checkGuilds(patient: DiscordPatient, botId: string): AsyncGenerator<Finding> {
  let guilds: { id: string; name: string }[];
  try {
    guilds = await listGuilds(patient);
  } catch (error) {
    if (!(error instanceof DiscordError)) throw error;
    yield refusal('guilds', error);
    return;
  }
  if (guilds.length === 0) {
    const action = `Open ${developerPortal}, choose the application, OAuth2, and invite the bot with the generated URL.`;
    yield warn('guilds', 'The bot is in no guild.', action);
    return;
  }
  yield ok('guilds', `The bot is in ${guilds.length}.`);
  const { rest, call } = patient;
  for (const { id, name } of guilds) {
    try {
      const guild = await rest.getGuild(id, call);
      const member = await rest.getGuildMember(id, botId, call);
      const channels = await rest.listGuildChannels(id, call);
      yield* checkPermissions({ guild, member, channels }, botId);
    } catch (error) {
      if (!(error instanceof DiscordError)) throw error;
      yield refusal(`guild ${plainText(name)}`, error);
    }
  }
}

async function listGuilds({ rest, call }: DiscordPatient): Promise<{ id: string; name: string }[]> {
  const guilds: { id: string; name: string }[] = [];
  while (guilds.length < MAX_GUILDS) {
    const after = guilds.at(-1)?.id;
    const page = await rest.listCurrentUserGuilds({ limit: GUILD_PAGE_SIZE, ...(after && { after }) }, call);
    const unknown = page.filter(({ id }) => !guilds.some((guild) => guild.id === id));
    if (unknown.length === 0) break;
    guilds.push(...unknown.sort((a, b) => compareSnowflakes(a.id, b.id)));
  }
  return guilds;
}

async function orRefusal(check: string, run: () => Promise<Finding>): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof DiscordError) return refusal(check, error);
    throw error;
  }
}

function refusal(check: string, error: DiscordError): Finding {
  return fail(check, error.message, null);
}
