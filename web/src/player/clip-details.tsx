import type { Clip } from '../../../src/http/contract.ts';
import { formatNames } from '../display/format.ts';
import { PostedAt } from '../videos/posted-at.tsx';

/** Where, when and with whom a game was recorded, as far as Discord's recorder told. */
export function ClipDetails({ clip }: { clip: Clip }) {
  const names = clip.participants.map(({ globalName, username }) => globalName ?? username ?? 'someone');
  if (clip.application === null && clip.createdAt === null && names.length === 0) return null;
  return (
    <p className="text-sm text-muted">
      Clip
      {clip.application !== null && (
        <>
          {' of '}
          <span className="font-semibold text-ink">{clip.application}</span>
        </>
      )}
      {clip.createdAt !== null && (
        <>
          , recorded <PostedAt at={clip.createdAt} />
        </>
      )}
      {names.length > 0 && `, with ${formatNames(names)}`}
    </p>
  );
}
