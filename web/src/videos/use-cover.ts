import type { Video } from '../../../src/http/contract.ts';
import { useMe } from '../viewer/viewer-query.ts';

/** Why a video is not shown before one asks for it. */
export type Cover = 'spoiler' | 'age_restricted';

export const coverWords: Record<Cover, { mark: string; noun: string; sentence: string }> = {
  spoiler: { mark: 'Spoiler', noun: 'spoiler', sentence: 'This is a spoiler' },
  age_restricted: {
    mark: 'Age-restricted',
    noun: 'age-restricted video',
    sentence: 'This is from an age-restricted channel',
  },
};

/** What covers the video for this viewer; null: nothing. */
export function useCover(video: Video): Cover | null {
  const showsAgeRestricted = useMe()?.showsAgeRestricted === true;
  if (video.isAgeRestricted && !showsAgeRestricted) return 'age_restricted';
  return video.isSpoiler ? 'spoiler' : null;
}
