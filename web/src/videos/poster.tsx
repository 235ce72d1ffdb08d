import { useMemo, useState } from 'react';
import type { Video } from '../../../src/http/contract.ts';
import { FilmIcon } from '../display/icons.tsx';
import { placeholderUrl } from './placeholder-url.ts';

type PosterProps = { video: Video; isBlurred: boolean };

/**
 * The still of a video over its ThumbHash, which is there at once and fills the sides of upright videos. Where no
 * still can be had, the ThumbHash stays; without one, a plain card.
 */
export function Poster({ video, isBlurred }: PosterProps) {
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>(video.hasPoster ? 'loading' : 'failed');
  const placeholder = useMemo(() => placeholderUrl(video.placeholder), [video.placeholder]);
  return (
    <div className={`absolute inset-0 transition duration-300 ${isBlurred ? 'scale-110 blur-2xl' : ''}`}>
      {placeholder ? (
        <img src={placeholder} alt="" className="absolute inset-0 size-full object-cover" />
      ) : (
        <div className="absolute inset-0 grid place-items-center text-muted">
          <span className="flex flex-col items-center gap-1 text-xs font-semibold uppercase">
            <FilmIcon className="size-8" />
            {state === 'failed' && video.extension}
          </span>
        </div>
      )}
      {state !== 'failed' && (
        <img
          src={`/videos/${encodeURIComponent(video.id)}/poster`}
          alt=""
          loading="lazy"
          decoding="async"
          onLoad={() => setState('shown')}
          onError={() => setState('failed')}
          className={`absolute inset-0 size-full object-contain transition-opacity duration-300 ${state === 'shown' ? '' : 'opacity-0'}`}
        />
      )}
    </div>
  );
}
