import type { APIRole } from 'discord-api-types/v10';
import { isArchived, isThread } from '../channels.ts';
import { canView, rolePermissions } from '../permissions.ts';
import type { SandboxState } from '../state.ts';
import type { WorldGuild } from '../world.ts';
import { channelView } from './channel.ts';
import { memberView } from './user.ts';

/** Guilds with more members than this come without a member list. */
const LARGE_THRESHOLD = 50;

export function guildView(guild: WorldGuild, hasCounts = false) {
  return {
    id: guild.id,
    name: guild.name,
    icon: guild.icon,
    description: null,
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: [],
    banner: null,
    owner_id: guild.ownerId,
    application_id: null,
    region: 'us-west',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 1,
    roles: [...guild.roles.values()].map(roleView),
    default_message_notifications: 1,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: 'en-US',
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
    incidents_data: null,
    ...(hasCounts && {
      approximate_member_count: guild.members.size,
      approximate_presence_count: Math.ceil(guild.members.size / 2),
    }),
  };
}

/** The payload of GUILD_CREATE: all channels, but only those active threads that the bot may see. */
export function guildCreateView(state: SandboxState, guild: WorldGuild) {
  const botId = state.world.bot.id;
  const own = guild.members.get(botId);
  const entries = [...guild.channels.values()];
  const view = (entry: (typeof entries)[number]) => channelView(state, { guild, entry });
  return {
    ...guildView(guild),
    joined_at: own?.joined_at ?? new Date(state.now()).toISOString(),
    large: guild.members.size > LARGE_THRESHOLD,
    unavailable: false,
    member_count: guild.members.size,
    voice_states: [],
    members: own ? [memberView(own)] : [],
    channels: entries.filter(({ channel }) => !isThread(channel)).map(view),
    threads: entries
      .filter(({ channel }) => isThread(channel) && !isArchived(channel) && canView(guild, channel, botId))
      .map(view),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** A guild in the list of someone's own guilds. */
export function ownGuildView(guild: WorldGuild, userId: string, hasCounts: boolean) {
  return {
    id: guild.id,
    name: guild.name,
    icon: guild.icon,
    banner: null,
    owner: guild.ownerId === userId,
    // Without overwrites and what is implied, a time-out among it.
    permissions: String(rolePermissions(guild, userId)),
    features: [],
    ...(hasCounts && {
      approximate_member_count: guild.members.size,
      approximate_presence_count: Math.ceil(guild.members.size / 2),
    }),
  };
}

export function roleView(role: APIRole) {
  return {
    icon: null,
    unicode_emoji: null,
    ...role,
    flags: role.flags ?? 0,
    colors: role.colors ?? { primary_color: role.color, secondary_color: null, tertiary_color: null },
  };
}
