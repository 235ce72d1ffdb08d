import { randomBytes } from 'node:crypto';
import { ApplicationCommandType, InteractionType } from 'discord-api-types/v10';
import { emitInGuild } from '../changes/emit.ts';
import { channelPermissions } from '../permissions.ts';
import type { Sandbox } from '../sandbox.ts';
import { channelView } from '../views/channel.ts';
import { memberView } from '../views/user.ts';
import type { Control } from './control.ts';
import { ControlError } from './fields.ts';
import { channelIn, memberIn } from './find.ts';

const TOKEN_BYTES = 24;
/** Interactions remembered; the oldest are forgotten first. */
const MAX_KEPT = 1000;

export const interactionControls: Control[] = [
  {
    name: 'use-command',
    help: 'A member uses a slash command that the bot has registered (INTERACTION_CREATE).',
    fields: {
      channel_id: 'channel',
      user_id: 'member',
      command: 'its name',
      'options?': 'list of options as Discord sends them',
    },
    run(sandbox, fields) {
      const placed = channelIn(sandbox, fields);
      const { guild, entry } = placed;
      const member = memberIn(guild, fields);
      const command = findCommand(sandbox, guild.id, fields.text('command'));
      const options = fields.optional('options', fields.objects);
      const { state } = sandbox;
      const id = state.nextId();
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const [oldest] = sandbox.interactions.keys();
      if (sandbox.interactions.size >= MAX_KEPT && oldest) sandbox.interactions.delete(oldest);
      sandbox.interactions.set(token, { id, token, placed, answers: [], isEphemeral: false });
      const permissions = (userId: string) => String(channelPermissions(guild, entry.channel, userId));
      emitInGuild(state, guild, {
        name: 'INTERACTION_CREATE',
        intent: 0,
        data: {
          id,
          application_id: state.world.application.id,
          type: InteractionType.ApplicationCommand,
          token,
          version: 1,
          guild_id: guild.id,
          guild: { id: guild.id, locale: 'en-US', features: [] },
          guild_locale: 'en-US',
          locale: 'en-US',
          channel_id: entry.channel.id,
          channel: channelView(state, placed),
          member: { ...memberView(member), permissions: permissions(member.user.id) },
          app_permissions: permissions(state.world.bot.id),
          entitlements: [],
          authorizing_integration_owners: { 0: guild.id },
          context: 0,
          attachment_size_limit: 10_485_760,
          data: { id: command.id, name: command.name, type: command.type, ...(options && { options }) },
        },
      });
      return { interaction_id: id, token };
    },
  },
  {
    name: 'interactions',
    help: 'The commands used so far, with what the bot answered.',
    fields: {},
    run: ({ interactions }) => ({
      interactions: [...interactions.values()].map(({ id, answers, original }) => ({
        id,
        answers,
        original,
      })),
    }),
  },
];

function findCommand({ commands }: Sandbox, guildId: string, name: string) {
  const known = [...(commands.get(guildId) ?? []), ...(commands.get('global') ?? [])];
  const command = known.find((item) => item.name === name && item.type === ApplicationCommandType.ChatInput);
  if (!command) throw new ControlError('command', `command: the bot has not registered a command ${name}`);
  return command;
}
