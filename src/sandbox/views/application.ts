import { ApplicationFlags } from 'discord-api-types/v10';
import type { SandboxState } from '../state.ts';
import { userView } from './user.ts';

/** The flags of a small bot: the limited variants of the privileged intents that its portal page has on. */
export function applicationFlags(state: SandboxState): number {
  const { messageContent, guildMembers, presences } = state.switches;
  return (
    (messageContent ? ApplicationFlags.GatewayMessageContentLimited : 0) |
    (guildMembers ? ApplicationFlags.GatewayGuildMembersLimited : 0) |
    (presences ? ApplicationFlags.GatewayPresenceLimited : 0)
  );
}

/** The application as anyone may see it. */
export function applicationView(state: SandboxState) {
  const { application, bot } = state.world;
  const flags = applicationFlags(state);
  return {
    id: application.id,
    name: application.name,
    icon: null,
    description: '',
    type: null,
    bot: userView(bot),
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags,
    flags_new: String(flags),
  };
}

/** The application as its bot may see it. */
export function ownApplicationView(state: SandboxState, redirectUris: readonly string[]) {
  const guilds = [...state.world.guilds.values()].filter((guild) => guild.botJoined);
  const owner = [...state.world.users.values()].find((user) => !user.bot) ?? state.world.bot;
  return {
    ...applicationView(state),
    redirect_uris: redirectUris,
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner: userView(owner),
    approximate_guild_count: guilds.length,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: ['identify', 'guilds', 'guilds.members.read', 'bot', 'applications.commands'],
  };
}
