import type { Channel } from '../../../src/http/contract.ts';

/** Discord's order, each thread below its parent. Categories go; a thread whose parent is not shown comes last. */
export function orderChannels(channels: Channel[]): Channel[] {
  const isThread = (channel: Channel) => channel.type?.endsWith('_thread') ?? false;
  const parents = channels.filter((channel) => channel.type !== 'category' && !isThread(channel));
  const threads = channels.filter(isThread);
  const parentIds = new Set(parents.map(({ id }) => id));
  return [
    ...parents.flatMap((parent) => [parent, ...threads.filter(({ parentId }) => parentId === parent.id)]),
    ...threads.filter(({ parentId }) => parentId === null || !parentIds.has(parentId)),
  ];
}
