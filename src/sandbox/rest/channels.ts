import { isThread } from '../channels.ts';
import { json } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Sandbox } from '../sandbox.ts';
import { channelView } from '../views/channel.ts';
import { reachChannel, reachGuild } from './access.ts';

export function getChannel({ state }: Sandbox, request: ApiRequest) {
  return json(channelView(state, reachChannel(state, request)));
}

/** All channels of the guild, also those that the bot may not view; no threads. */
export function listGuildChannels({ state }: Sandbox, request: ApiRequest) {
  const guild = reachGuild(state, request);
  const entries = [...guild.channels.values()].filter(({ channel }) => !isThread(channel));
  return json(entries.map((entry) => channelView(state, { guild, entry })));
}
