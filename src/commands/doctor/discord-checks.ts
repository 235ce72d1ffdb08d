import type { APIUser } from 'discord-api-types/v10';
import type { DiscordConfig } from '../../config.ts';
import { DiscordError } from '../../discord/discord-error.ts';
import { hasMessageContent } from '../../discord/intents.ts';
import { createDiscordRest, type DiscordRest } from '../../discord/rest.ts';
import { compareSnowflakes } from '../../discord/snowflake.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { messageOf } from '../../lib/errors.ts';
import { createLogger } from '../../lib/log.ts';
import { plainText } from '../table.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { checkPermissions } from './permission-checks.ts';

const REACH_DEADLINE_MS = 10_000;
const MAX_CLOCK_SKEW_SECS = 30; // signed links are judged by our clock five minutes before they expire
const LOW_SESSION_STARTS = 50; // of 1,000 a day; at none left Discord resets the token

const GUILD_PAGE_SIZE = 200; // the most that Discord gives at once
const MAX_GUILDS = 2_500; // a bot that needs no sharding is in fewer

const PORTAL = 'https://discord.com/developers/applications';

/** From the network up: each check needs the one before it. */
export async function checkDiscord(
  config: Pick<DiscordConfig, 'apiUrl' | 'botToken'>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const reached = await checkReach(config.apiUrl, signal);
  if (reached.some(({ status }) => status === 'fail')) return reached;
  const rest = createDiscordRest({
    apiUrl: config.apiUrl,
    token: config.botToken,
    log: createLogger('silent'),
    signal,
  });
  try {
    return [...reached, ...(await checkBot(rest))];
  } finally {
    await rest.close();
  }
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

async function checkBot(rest: DiscordRest): Promise<Finding[]> {
  let bot: APIUser;
  try {
    bot = await rest.getCurrentUser();
  } catch (error) {
    if (!(error instanceof DiscordError)) throw error;
    if (error.kind !== 'unauthorized') return [refusal('token', error)];
    return [
      fail(
        'token',
        'Discord refuses DISCORD_BOT_TOKEN.',
        `Open ${PORTAL}, choose the application, Bot, Reset Token, and set the new one.`,
      ),
    ];
  }
  return [
    ok('token', `belongs to the bot ${plainText(bot.username)} (${bot.id})`),
    await orRefusal('message content intent', () => checkIntent(rest)),
    await orRefusal('gateway', () => checkGateway(rest)),
    ...(await checkGuilds(rest, bot.id)),
  ];
}

async function checkIntent(rest: DiscordRest): Promise<Finding> {
  const application = await rest.getCurrentApplication();
  if (hasMessageContent(application.flags ?? 0)) return ok('message content intent', 'switched on');
  return fail(
    'message content intent',
    'Switched off: Discord hides attachments, so no video can be found.',
    `Open ${PORTAL}/${application.id}/bot and switch on "Message Content Intent" under "Privileged Gateway Intents".`,
  );
}

async function checkGateway(rest: DiscordRest): Promise<Finding> {
  const { session_start_limit: starts } = await rest.getGatewayBot();
  const message = `${starts.remaining} of ${starts.total} session starts left`;
  if (starts.remaining >= Math.min(LOW_SESSION_STARTS, starts.total)) return ok('gateway', message);
  const hours = Math.ceil(starts.reset_after / 3_600_000);
  return warn('gateway', `${message}, new ones in ${hours} h.`, 'Find out what restarts so often, and wait.');
}

/** One guild after another: the doctor is not in a hurry, and Discord counts requests. */
async function checkGuilds(rest: DiscordRest, botId: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  let guilds: { id: string; name: string }[];
  try {
    guilds = await listGuilds(rest);
  } catch (error) {
    if (error instanceof DiscordError) return [refusal('guilds', error)];
    throw error;
  }
  if (guilds.length === 0) {
    const action = `Open ${PORTAL}, choose the application, OAuth2, and invite the bot with the generated URL.`;
    return [warn('guilds', 'The bot is in no guild.', action)];
  }
  findings.push(ok('guilds', `The bot is in ${guilds.length}.`));
  for (const { id, name } of guilds) {
    try {
      const guild = await rest.getGuild(id);
      const member = await rest.getGuildMember(id, botId);
      const channels = await rest.listGuildChannels(id);
      findings.push(...checkPermissions({ guild, member, channels }, botId));
    } catch (error) {
      if (!(error instanceof DiscordError)) throw error;
      findings.push(refusal(`guild ${plainText(name)}`, error));
    }
  }
  return findings;
}

async function listGuilds(rest: DiscordRest): Promise<{ id: string; name: string }[]> {
  const guilds: { id: string; name: string }[] = [];
  while (guilds.length < MAX_GUILDS) {
    const after = guilds.at(-1)?.id;
    const page = await rest.listCurrentUserGuilds({ limit: GUILD_PAGE_SIZE, ...(after && { after }) });
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
