import { json } from '../http/answer.ts';
import type { Sandbox } from '../sandbox.ts';

const MAX_GUILDS_PER_SHARD = 2500;

export function getGateway({ gateway }: Sandbox) {
  return json({ url: gateway.url });
}

export function getBotGateway({ gateway, state }: Sandbox) {
  const joined = [...state.world.guilds.values()].filter((guild) => guild.botJoined).length;
  return json({
    url: gateway.url,
    shards: Math.max(1, Math.ceil(joined / MAX_GUILDS_PER_SHARD)),
    session_start_limit: gateway.startLimit(),
  });
}
