import { GatewayIntentBits } from 'discord-api-types/v10';
import { shardOf } from '../ids.ts';
import type { SandboxState } from '../state.ts';
import { applicationFlags } from '../views/application.ts';
import { guildCreateView } from '../views/guild.ts';
import { userView } from '../views/user.ts';
import { hasIntent } from './intents.ts';
import { dispatch, type Session } from './session.ts';

/** READY, in which all guilds are unavailable, then GUILD_CREATE for each that is not in an outage. */
export function greet(state: SandboxState, session: Session, resumeUrl: string): void {
  const { application, bot } = state.world;
  const guilds = [...state.world.guilds.values()].filter(
    (guild) => guild.botJoined && shardOf(guild.id, session.shard[1]) === session.shard[0],
  );
  dispatch(session, 'READY', {
    v: 10,
    user: { ...userView(bot), verified: true, mfa_enabled: false, email: null },
    user_settings: {},
    session_type: 'normal',
    session_id: session.id,
    resume_gateway_url: resumeUrl,
    relationships: [],
    private_channels: [],
    presences: [],
    guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
    guild_join_requests: [],
    geo_ordered_rtc_regions: [],
    shard: session.shard,
    application: { id: application.id, flags: applicationFlags(state) },
    _trace: [],
  });
  if (!hasIntent(session.intents, GatewayIntentBits.Guilds)) return;
  for (const guild of guilds) {
    if (!guild.isUnavailable) dispatch(session, 'GUILD_CREATE', guildCreateView(state, guild));
  }
}
