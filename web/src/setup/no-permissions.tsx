import type { Guild, SetupChannel } from '../../../src/http/contract.ts';
import { Button, buttonClass } from '../display/button.tsx';
import { plural } from '../display/format.ts';
import { ExternalIcon, HashIcon, LockIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';
import { useInstance } from '../page/instance-query.ts';

type NoPermissionsProps = { guild: Guild; channels: SetupChannel[]; onRetry: () => unknown };

/** The bot is in the guild and can read nothing: what it lacks, and where that is granted. */
export function NoPermissions({ guild, channels, onRetry }: NoPermissionsProps) {
  const isOnDiscord = useInstance()?.isSandbox === false;
  if (channels.length === 0) return <NoChannels guild={guild} onRetry={onRetry} />;
  return (
    <Notice
      level={1}
      icon={<LockIcon className="size-8" />}
      title={`Clipdex can read nothing in ${guild.name}`}
      action={
        <>
          {isOnDiscord && (
            <a
              href={`https://discord.com/channels/${guild.id}`}
              target="_blank"
              rel="noreferrer"
              className={buttonClass()}
            >
              Open the server on Discord
              <ExternalIcon className="size-4" />
            </a>
          )}
          <Button look={isOnDiscord ? 'quiet' : 'primary'} onClick={() => void onRetry()}>
            Look again
          </Button>
        </>
      }
    >
      <p>
        The bot is there, but lacks the permissions that it needs. It can read none of{' '}
        {plural(String(channels.length), 'channel')}.
      </p>
      <ol className="list-decimal pl-5 text-left">
        <li>On Discord, open Server Settings → Roles, and choose the role that bears the bot’s name.</li>
        <li>
          Allow it <strong>View Channels</strong> and <strong>Read Message History</strong>, and{' '}
          <strong>Connect</strong> for the chat of voice channels.
        </li>
        <li>Save. This page goes on by itself as soon as it holds.</li>
      </ol>
    </Notice>
  );
}

function NoChannels({ guild, onRetry }: Omit<NoPermissionsProps, 'channels'>) {
  return (
    <Notice
      level={1}
      icon={<HashIcon className="size-8" />}
      title={`You see no channel of ${guild.name}`}
      action={<Button onClick={() => void onRetry()}>Look again</Button>}
    >
      You can only choose among channels that you can read on Discord yourself. As soon as there is one, this
      page goes on.
    </Notice>
  );
}
