/** The types of what the web app and scripts receive: the only file of the server that `web/` may import (types only). */

export type { Count, Page, Problem } from './contract/answer-parts.ts';
export type {
  Channel,
  ChannelCoverage,
  Coverage,
  CoverageHole,
  CoverageYear,
  ReadingSwitch,
} from './contract/channel.ts';
export type { Guild, OwnGuild, ReadingState } from './contract/guild.ts';
export type { GuildSetup, SetupChannel } from './contract/guild-setup.ts';
export type { Instance, Readiness, ReadinessCheck } from './contract/instance.ts';
export type { Finding, KeyFigures, QueuedJob, ScheduledJob } from './contract/operator.ts';
export type { ChannelScan, GuildScan, IndexPass, ParkedRun, Run, RunStatus } from './contract/run.ts';
export type { SettingsView } from './contract/settings.ts';
export type { Author, Clip, Video } from './contract/video.ts';
export type { ApiToken, Leaving, Me, NewApiToken, Session } from './contract/viewer.ts';
