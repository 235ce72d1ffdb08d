/** Counts since the start or the last reset, as `/_sandbox/stats` tells them. */
export type Stats = {
  /** Requests by method and route. */
  requests: Record<string, number>;
  /** Answers by status. */
  statuses: Record<string, number>;
  /** 429s by method and route; those that a fault gave are not counted here. */
  rateLimited: Record<string, number>;
  /** 401, 403 and 429 that count against Discord's budget of invalid requests. */
  invalidRequests: number;
  /** Requests for one channel's messages that are under way, by channel, and the most there were at once. */
  underWay: Record<string, number>;
  mostAtOnce: Record<string, number>;
  gateway: { identified: number; resumed: number; refusedResumes: number; dispatched: number };
};

export function createStats(): Stats {
  return {
    requests: {},
    statuses: {},
    rateLimited: {},
    invalidRequests: 0,
    underWay: {},
    mostAtOnce: {},
    gateway: { identified: 0, resumed: 0, refusedResumes: 0, dispatched: 0 },
  };
}

export function resetStats(stats: Stats): void {
  Object.assign(stats, { ...createStats(), underWay: stats.underWay });
}

export function countRequest(stats: Stats, route: string, status: number, isRateLimited: boolean): void {
  bump(stats.requests, route);
  bump(stats.statuses, String(status));
  if (isRateLimited) bump(stats.rateLimited, route);
  if (status === 401 || status === 403 || status === 429) stats.invalidRequests += 1;
}

/** Answers what is to be called when the request has ended. */
export function countUnderWay({ underWay, mostAtOnce }: Stats, channelId: string): () => void {
  const count = (underWay[channelId] ?? 0) + 1;
  underWay[channelId] = count;
  mostAtOnce[channelId] = Math.max(mostAtOnce[channelId] ?? 0, count);
  return () => {
    underWay[channelId] = (underWay[channelId] ?? 0) - 1;
  };
}

function bump(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
