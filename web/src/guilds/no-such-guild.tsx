import { Link } from '@tanstack/react-router';
import { buttonClass } from '../display/button.tsx';
import { FilmIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';

export function NoSuchGuild() {
  return (
    <Notice
      level={1}
      icon={<FilmIcon className="size-8" />}
      title="There is no such server here"
      action={
        <Link to="/" search={{}} className={buttonClass()}>
          Go to all videos
        </Link>
      }
    >
      The address may be mistyped, the bot is not there, or you are not in it yourself.
    </Notice>
  );
}
