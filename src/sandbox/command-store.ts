export type Command = { id: string; name: string; type: number } & Record<string, unknown>;

/** Registered application commands by scope: a guild's id, or `global`. */
export type CommandStore = Map<string, Command[]>;
