import type { PlacedChannel } from './channels.ts';
import type { WorldMessage } from './world.ts';

/** A command that somebody used, and all that the bot answered to it. */
export type Interaction = {
  id: string;
  token: string;
  placed: PlacedChannel;
  answers: { via: 'callback' | 'original' | 'follow-up'; body: unknown }[];
  /** The first answer, once it is a message. */
  original?: WorldMessage;
  isEphemeral: boolean;
};

/** By token. */
export type InteractionStore = Map<string, Interaction>;
