import { Link } from '@tanstack/react-router';
import { Button, buttonClass } from '../display/button.tsx';
import { FilmIcon, WarningIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';

/** Discord tells of a new guild by itself; until then there is nothing to choose from. */
export function Arriving() {
  return (
    <div role="status">
      <Notice
        level={1}
        icon={<FilmIcon className="size-8 animate-shimmer" />}
        title="Waiting for Discord to show the server"
      >
        The bot has just been added. Its channels are here in a moment.
      </Notice>
    </div>
  );
}

/** After some patience: what may be the matter. */
export function NotArrived({ guildId, onRetry }: { guildId: string; onRetry: () => void }) {
  return (
    <Notice
      level={1}
      icon={<WarningIcon className="size-8" />}
      title="The server has not come yet"
      action={
        <>
          <Button onClick={onRetry}>Look again</Button>
          <Link to="/install" search={{ guild_id: guildId }} className={buttonClass('quiet')}>
            Add Clipdex once more
          </Link>
        </>
      }
    >
      <p>Three things may be the matter:</p>
      <ul className="list-disc pl-5 text-left">
        <li>The bot is not in that server: look into its list of members on Discord.</li>
        <li>You are not in that server yourself, or you are logged in as somebody else.</li>
        <li>
          Clipdex has lost its connection to Discord. It comes back by itself; whoever runs it sees it with{' '}
          <code className="rounded bg-raised px-1 text-sm">clipdex doctor</code>.
        </li>
      </ul>
    </Notice>
  );
}
