type Placed = { id: string; parentId: string | null };

export type ChannelGroup<Item> = { id: string; name: string | null; channels: Item[] };

/**
 * Channels below their categories, in the order in which they come. Those without a category, or of one that the viewer
 * does not see, stand first, below no name.
 */
export function groupChannels<Item extends Placed>(
  channels: Item[],
  categories: { id: string; name: string | null }[],
): ChannelGroup<Item>[] {
  const known = new Map(categories.map(({ id, name }) => [id, name]));
  const groups = new Map<string, ChannelGroup<Item>>([['', { id: '', name: null, channels: [] }]]);
  for (const channel of channels) {
    const id = channel.parentId !== null && known.has(channel.parentId) ? channel.parentId : '';
    const group = groups.get(id) ?? { id, name: known.get(id) ?? null, channels: [] };
    group.channels.push(channel);
    groups.set(id, group);
  }
  return [...groups.values()].filter((group) => group.channels.length > 0);
}
