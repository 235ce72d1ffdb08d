import { closeSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { addBot, kickBot } from './changes/guilds.ts';
import { applyMessageChange } from './changes/messages.ts';
import { findChannel } from './channels.ts';
import type { BotChange, SandboxState, WorldChange } from './state.ts';

/** Some hours of live traffic. When it is full, its older half is forgotten: those posts are gone after a restart. */
const MAX_ENTRIES = 20_000;

export type Journal = { close(): void };

/**
 * Changes as JSON lines, so that the world goes on after a restart where it was: messages, and in which guilds the bot
 * is. The first line names the seed: a journal of another world is not continued.
 */
export async function readJournal(file: string, seed: number): Promise<WorldChange[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const [head = '', ...lines] = text.split('\n').filter((line) => line !== '');
  if (head !== headLine(seed)) return [];
  return lines.flatMap((line) => parseLine(line));
}

/** Repeats what is known of the past; guilds and channels that no longer exist are passed over. */
export function replayJournal(state: SandboxState, changes: readonly WorldChange[]): void {
  for (const change of changes) {
    if (isBotChange(change)) {
      const guild = state.world.guilds.get(change.guildId);
      if (guild && change.op === 'add-bot') addBot(state, guild, change.permissions);
      if (guild && change.op === 'kick-bot') kickBot(state, guild);
    } else {
      const placed = findChannel(state.world, change.channelId);
      if (placed) applyMessageChange(state, placed, change);
    }
  }
}

/** Writes down what happens from now on, after what was replayed. */
export function openJournal(state: SandboxState, file: string, past: readonly WorldChange[]): Journal {
  mkdirSync(dirname(file), { recursive: true });
  let entries = past
    .filter((change) => !isBotChange(change))
    .slice(-MAX_ENTRIES)
    .map((change) => JSON.stringify(change));
  /** By guild, the last one alone: these are few, and are never forgotten. */
  const standing = new Map(
    past.filter(isBotChange).map((change) => [change.guildId, JSON.stringify(change)]),
  );
  let descriptor = rewrite();

  function rewrite(): number {
    const whole = [headLine(state.world.seed), ...standing.values(), ...entries].join('\n');
    writeFileSync(`${file}.new`, `${whole}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return openSync(file, 'a');
  }

  function record(change: WorldChange): void {
    const line = JSON.stringify(change);
    if (isBotChange(change)) standing.set(change.guildId, line);
    else entries.push(line);
    writeSync(descriptor, `${line}\n`);
    if (entries.length <= MAX_ENTRIES) return;
    entries = entries.slice(MAX_ENTRIES >> 1);
    closeSync(descriptor);
    descriptor = rewrite();
  }

  state.events.on('change', record);
  return {
    close() {
      state.events.off('change', record);
      closeSync(descriptor);
    },
  };
}

function isBotChange(change: WorldChange): change is BotChange {
  return change.op === 'add-bot' || change.op === 'kick-bot';
}

function headLine(seed: number): string {
  return JSON.stringify({ seed });
}

/** The last line may be torn by a kill. */
function parseLine(line: string): WorldChange[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
