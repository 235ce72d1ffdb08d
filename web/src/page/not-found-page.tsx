import { Link } from '@tanstack/react-router';
import { FilmIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';
import { Shell } from './shell.tsx';

export function NotFoundPage() {
  return (
    <Shell titles={['There is no such page']}>
      <Notice
        level={1}
        icon={<FilmIcon className="size-8" />}
        title="There is no such page"
        action={
          <Link to="/" search={{}} className="font-semibold text-accent underline">
            Go to the videos
          </Link>
        }
      >
        The address may be mistyped, or what it led to has gone.
      </Notice>
    </Shell>
  );
}
