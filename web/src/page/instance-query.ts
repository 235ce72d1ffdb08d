import { useQuery } from '@tanstack/react-query';
import type { Instance } from '../../../src/http/contract.ts';
import { fetchJson } from '../api/fetch-json.ts';

/** What holds as long as the program runs. */
export function useInstance(): Instance | undefined {
  const { data } = useQuery({
    queryKey: ['instance'],
    queryFn: ({ signal }) => fetchJson<Instance>('/api/instance', {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data;
}
