import type { SettingsView, SetupChannel } from '../../../src/http/contract.ts';

export type Settings = SettingsView['effective'];

/** What the viewer has ticked or cleared; for all other channels the proposal holds. */
export type Ticks = ReadonlyMap<string, boolean>;

/** Why a channel cannot be chosen at the moment; null: it can. */
export function obstacleOf(channel: SetupChannel, scansNsfw: boolean): 'permission' | 'age' | null {
  if (channel.missing !== null) return 'permission';
  return channel.isNsfw && !scansNsfw ? 'age' : null;
}

export function isChosen(channel: SetupChannel, ticks: Ticks, scansNsfw: boolean): boolean {
  if (obstacleOf(channel, scansNsfw) !== null) return false;
  return ticks.get(channel.id) ?? channel.isProposed;
}

/** Ticks for all channels at once. Those that cannot be chosen now are ticked for when they can. */
export function tickAll(channels: SetupChannel[], isTicked: (channel: SetupChannel) => boolean): Ticks {
  return new Map(channels.map((channel) => [channel.id, isTicked(channel)]));
}

export function tick(ticks: Ticks, id: string, isTicked: boolean): Ticks {
  return new Map(ticks).set(id, isTicked);
}

/** The settings that differ from those that hold. */
export function changedSettings(before: Settings, now: Settings): Record<string, unknown> {
  const keys = Object.keys(now) as (keyof Settings)[];
  return Object.fromEntries(
    keys.filter((key) => String(now[key]) !== String(before[key])).map((key) => [key, now[key]]),
  );
}
