import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isWorthRetrying } from '../api/request-error.ts';
import { endOnLogout } from './viewer-query.ts';

const MAX_RETRIES = 2;

/** `networkMode`: Clipdex may run on this very machine, which answers without any network. */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => endOnLogout(client, error);
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: (failures, error) => failures < MAX_RETRIES && isWorthRetrying(error),
      },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
