import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ApiToken, NewApiToken, Page, Session } from '../../../src/http/contract.ts';
import { fetchJson } from '../api/fetch-json.ts';
import { sendJson } from '../api/send-json.ts';
import { leaveToLanding } from '../viewer/log-out.ts';

export function useSessions() {
  return useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => fetchJson<Page<Session>>('/api/sessions', {}, signal),
    select: (page) => page.items,
  });
}

export function useEndSession() {
  const queryClient = useQueryClient();
  return useMutation({
    async mutationFn({ id, isCurrent }: Session) {
      await sendJson('DELETE', `/api/sessions/${id}`);
      if (isCurrent) leaveToLanding();
      else await queryClient.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
}

export function useTokens() {
  return useQuery({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => fetchJson<Page<ApiToken>>('/api/tokens', {}, signal),
    select: (page) => page.items,
  });
}

export type TokenWish = { name: string; scope: ApiToken['scope']; expiresInDays: number | null };

export function useMakeToken() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (wish: TokenWish) => sendJson<NewApiToken>('POST', '/api/tokens', wish),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['tokens'] }),
    gcTime: 0, // the token itself is shown once, and kept nowhere
  });
}

export function useRevokeToken() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => sendJson('DELETE', `/api/tokens/${id}`),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['tokens'] }),
  });
}
