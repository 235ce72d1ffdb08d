import type { SetupChannel } from '../../../src/http/contract.ts';
import { channelName } from '../display/format.ts';

type Missing = NonNullable<SetupChannel['missing']>;

const names: Record<Missing, string> = {
  view_channel: 'View Channel',
  read_message_history: 'Read Message History',
  connect: 'Connect',
};

const effects: Record<Missing, string> = {
  view_channel: 'The bot cannot see it.',
  read_message_history: 'The bot sees it, but not what was posted before.',
  connect: 'The chat of a voice channel can only be read by whoever may enter it.',
};

/** What the bot lacks in a channel, and how it gets it. */
export function MissingPermission({ name, missing }: { name: string | null; missing: Missing }) {
  return (
    <details>
      <summary className="w-fit rounded">
        Missing: <strong className="font-semibold">{names[missing]}</strong>
      </summary>
      <p className="mt-1">
        {effects[missing]} To grant it on Discord: open Edit Channel of #{channelName(name)} → Permissions,
        add the role that bears the bot’s name, and allow {names[missing]}
        {missing === 'view_channel' && ' and Read Message History'}. Then come back to this page.
      </p>
    </details>
  );
}
