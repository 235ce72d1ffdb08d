import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Sandbox } from '../sandbox.ts';
import { gone } from './attachments.ts';
import { swatch } from './swatch.ts';

export function serveGuildIcon({ state }: Sandbox, { params }: ApiRequest): Answer {
  const guild = state.world.guilds.get(params.guild ?? '');
  return guild?.icon && guild.icon === hashOf(params.file) ? swatch(guild.name) : gone();
}

export function serveAvatar({ state }: Sandbox, { params }: ApiRequest): Answer {
  const user = state.world.users.get(params.user ?? '');
  return user?.avatar && user.avatar === hashOf(params.file) ? swatch(user.username) : gone();
}

/** Those of users without an avatar, numbered. */
export function serveDefaultAvatar(_: Sandbox, { params }: ApiRequest): Answer {
  return swatch(`${hashOf(params.file)}`);
}

function hashOf(file: string | undefined): string {
  return (file ?? '').replace(/\.\w+$/, '');
}
