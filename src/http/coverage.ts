import * as reports from '../db/coverage-report.ts';
import { type ChannelCoverage, type Coverage, coverage } from './contract/channel.ts';
import { action } from './door.ts';
import { snowflake } from './parameters.ts';
import { notFound } from './problem.ts';

/** Holes of one answer: enough to see where the gaps are, also in a channel with thousands. */
export const MAX_HOLES = 100;

export const getCoverage = action({
  summary: 'What of a channel is read without a gap, its holes and its years',
  path: { id: snowflake },
  answer: coverage,
  async handle({ db }, { path, sight }) {
    const report = await reports.getCoverageReport(db, await sight(), path.id, MAX_HOLES);
    if (report === null) throw notFound(`There is no channel ${path.id} here that holds messages.`);
    return toCoverage(report);
  },
});

export function toCoverage(report: reports.CoverageReport): Coverage {
  return {
    ...toChannelCoverage(report),
    holes: report.holes.map(({ from, to, ...bounds }) => ({
      from: from?.toISOString() ?? null,
      to: to.toISOString(),
      ...bounds,
    })),
    years: report.years.map((year) => ({ ...year, messageCount: String(year.messageCount) })),
    skippedFiles: report.skippedFiles,
  };
}

export function toChannelCoverage(coverage: reports.ChannelCoverage): ChannelCoverage {
  return {
    channelId: coverage.channelId,
    channelName: coverage.channelName,
    guildId: coverage.guildId,
    guildName: coverage.guildName,
    threadOf: coverage.threadOf,
    isReading: coverage.isReading,
    isFollowed: coverage.isFollowed,
    state: coverage.state,
    coveredTo: coverage.coveredTo?.toISOString() ?? null,
    gapFreeSince: coverage.gapFreeSince?.toISOString() ?? null,
    holeCount: coverage.holeCount,
    messageCount: String(coverage.messageCount),
  };
}
