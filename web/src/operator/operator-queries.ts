import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Finding, KeyFigures, Page, QueuedJob, ScheduledJob } from '../../../src/http/contract.ts';
import { fetchJson } from '../api/fetch-json.ts';
import { pollIntervalMs } from '../api/poll-interval.ts';
import { sendJson } from '../api/send-json.ts';

const EXAMINED_FRESH_MS = 60_000; // each examination asks Discord some questions about every server

/** Examined when the page is opened, and when somebody asks for it. */
export function useFindings() {
  return useQuery({
    queryKey: ['operator', 'doctor'],
    queryFn: ({ signal }) => fetchJson<Page<Finding>>('/api/operator/doctor', {}, signal),
    select: (page) => page.items,
    staleTime: EXAMINED_FRESH_MS,
    refetchOnWindowFocus: false,
    retry: false,
  });
}

export function useFigures() {
  return useQuery({
    queryKey: ['operator', 'figures'],
    queryFn: ({ signal }) => fetchJson<KeyFigures>('/api/operator/figures', {}, signal),
    refetchInterval: pollIntervalMs('resting'),
  });
}

const jobsKey = ['operator', 'jobs'];

export function useScheduledJobs() {
  return useQuery({
    queryKey: jobsKey,
    queryFn: ({ signal }) => fetchJson<Page<ScheduledJob>>('/api/operator/jobs', {}, signal),
    select: (page) => page.items,
    refetchInterval: ({ state }) =>
      pollIntervalMs(state.data?.items.some(isUnderWay) ? 'starting' : 'resting'),
  });
}

/** It has succeeded when the list tells what became of the job. */
export function useRunJob() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => sendJson<QueuedJob>('POST', `/api/operator/jobs/${name}/runs`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: jobsKey }),
  });
}

export function isUnderWay({ byHand }: ScheduledJob): boolean {
  return byHand?.state === 'waiting' || byHand?.state === 'running';
}
