import { FilmIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';

/** In place of the list, while scans have found nothing so far. */
export function Looking() {
  return (
    <Notice icon={<FilmIcon className="size-8" />} title="Looking for videos">
      The history is being read. Videos appear here as soon as they are found.
    </Notice>
  );
}
