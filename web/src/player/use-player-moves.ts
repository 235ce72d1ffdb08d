import { useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import type { Video } from '../../../src/http/contract.ts';
import { useScope } from '../videos/scope.ts';

/** Closing goes back to the list that the player was opened from; a deep link has none, and makes one. */
export function usePlayerMoves() {
  const router = useRouter();
  const navigate = useNavigate();
  const scope = useScope();
  const isFromList = useRouterState({ select: ({ location }) => location.state.isFromList === true });
  return {
    close() {
      if (isFromList) router.history.back();
      else void navigate({ to: '/', search: scope, replace: true });
    },
    open(video: Video | undefined) {
      if (video === undefined) return;
      void navigate({
        to: '/videos/$videoId',
        params: { videoId: video.id },
        search: scope,
        replace: true, // stepping through videos is one visit: back leads to the list
        state: { isFromList, cursor: video.cursor },
      });
    },
  };
}
