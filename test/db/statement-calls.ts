import { getChannelAccess, listChannelAccess } from '../../src/db/channel-access.ts';
import {
  findClosedReading,
  findNeverScanned,
  listChannelRules,
  startReadingNew,
} from '../../src/db/channel-rules.ts';
import * as channelSettings from '../../src/db/channel-settings.ts';
import * as channels from '../../src/db/channels.ts';
import * as channelsSync from '../../src/db/channels-sync.ts';
import { findChannelsToScan } from '../../src/db/channels-to-scan.ts';
import { ensureCoverage, findMissedStretches, getCoverage } from '../../src/db/coverage.ts';
import type { Transaction } from '../../src/db/database.ts';
import { pingDatabase, readDatabaseState } from '../../src/db/database-state.ts';
import { enqueueScanRun } from '../../src/db/enqueue-scan-run.ts';
import * as gatewaySessions from '../../src/db/gateway-sessions.ts';
import * as departures from '../../src/db/guild-departures.ts';
import * as roles from '../../src/db/guild-roles.ts';
import * as guildSettings from '../../src/db/guild-settings.ts';
import * as guilds from '../../src/db/guilds.ts';
import * as intents from '../../src/db/install-intents.ts';
import * as jobQueue from '../../src/db/job-queue.ts';
import { breakLiveCoverage, writeEditedMessage, writeLiveMessages } from '../../src/db/live-messages.ts';
import * as memberRoles from '../../src/db/member-roles.ts';
import * as moves from '../../src/db/move-scan-run.ts';
import { findGuildOverview, listChannelOverviews, listGuildOverviews } from '../../src/db/overview.ts';
import { findRun, listRuns } from '../../src/db/runs-list.ts';
import { commitScanPage, parkScanRun } from '../../src/db/scan-pages.ts';
import { addScanRunProgress } from '../../src/db/scan-run-progress.ts';
import * as scanRuns from '../../src/db/scan-runs.ts';
import { writeSchema } from '../../src/db/schema-text.ts';
import * as users from '../../src/db/users.ts';
import * as links from '../../src/db/video-links.ts';
import { markMessagesDeleted, purgeDeletedMessages } from '../../src/db/videos.ts';
import { countVideos, findVideo, listVideos } from '../../src/db/videos-list.ts';
import { sampleChannel, sampleGuild } from './sample-rows.ts';

const time = new Date('2024-01-01T00:00:00Z');
const runId = '00000000-0000-4000-8000-000000000000';
const role = { id: '1', name: 'r', permissions: 0n, position: 0 };
const profile = { discordUserId: '1', username: 'u', globalName: null, avatar: null };
const place = { messageId: '1', id: '1' };
const page = {
  ...{ runId, workerId: 'w', covered: null, messageIds: ['1'], matchedCount: 0 },
  ...{ videos: [], authors: [], newestAt: null },
};
const shard = { apiUrl: 'u', botUserId: '7', shardId: 0, shardCount: 1 };
const session = { ...shard, sessionId: 's', resumeUrl: 'u', sequence: 1 };
const progress = { messagesScanned: 1, messagesMatched: 1, videosFound: 1, oldestMessageId: '1' };
const link = { ...place, url: 'u', proxyUrl: null, expiresAt: time };
const edited = { channelId: '1', messageId: '1', editedAt: null, attachmentIds: [], tellsCaption: true };
const still = { lastMessageId: null, addMessages: 0 };

/**
 * One call of every exported function of src/db that sends statements, by its name; more than one where arguments
 * choose the statement. What they are called with does not matter: the statements are prepared, not run.
 */
export const statementCalls: Record<string, (db: Transaction) => Promise<unknown>[]> = {
  getChannelAccess: (db) => [getChannelAccess(db, '1')],
  listChannelAccess: (db) => [listChannelAccess(db, '1')],
  findClosedReading: (db) => [findClosedReading(db, '1')],
  findNeverScanned: (db) => [findNeverScanned(db, '1')],
  listChannelRules: (db) => [listChannelRules(db, ['1'])],
  startReadingNew: (db) => [startReadingNew(db, ['1'])],
  getEffectiveSettings: (db) => [channelSettings.getEffectiveSettings(db, '1')],
  mergeChannelSettings: (db) => [channelSettings.mergeChannelSettings(db, '1', {})],
  replaceChannelSettings: (db) => [channelSettings.replaceChannelSettings(db, '1', {})],
  listChannels: (db) => [channels.listChannels(db, '1')],
  getChannel: (db) => [channels.getChannel(db, '1')],
  setChannelReading: (db) => [channels.setChannelReading(db, '1', true)],
  setChannelsReading: (db) => [channels.setChannelsReading(db, '1', ['1'], true)],
  advanceChannel: (db) => [channels.advanceChannel(db, '1', still)],
  touchChannelActivity: (db) => [channels.touchChannelActivity(db, '1', time)],
  upsertChannels: (db) => [channelsSync.upsertChannels(db, '1', [sampleChannel()])],
  deleteChannelsNotIn: (db) => [channelsSync.deleteChannelsNotIn(db, '1', [], ['text'])],
  deleteChannel: (db) => [channelsSync.deleteChannel(db, '1')],
  findChannelsToScan: (db) => [findChannelsToScan(db, '1', 1)],
  ensureCoverage: (db) => [ensureCoverage(db, '1')],
  findMissedStretches: (db) => [findMissedStretches(db, { guildId: '1' })],
  getCoverage: (db) => [getCoverage(db, '1')],
  pingDatabase: (db) => [pingDatabase(db)],
  readDatabaseState: (db) => [readDatabaseState(db)],
  enqueueScanRun: (db) => [enqueueScanRun(db, { channelId: '1', requestedBy: 'auto' })],
  getGatewaySession: (db) => [gatewaySessions.getGatewaySession(db, session, 1)],
  saveGatewaySession: (db) => [gatewaySessions.saveGatewaySession(db, session, 1)],
  touchGatewaySessions: (db) => [gatewaySessions.touchGatewaySessions(db, session, [0])],
  hasAcceptedIntents: (db) => [gatewaySessions.hasAcceptedIntents(db, session, 1, 1)],
  markGuildDeparted: (db) => [departures.markGuildDeparted(db, '1')],
  clearGuildDeparture: (db) => [departures.clearGuildDeparture(db, '1')],
  listGuildsDepartedBefore: (db) => [departures.listGuildsDepartedBefore(db, time)],
  deleteGuildsDepartedBefore: (db) => [departures.deleteGuildsDepartedBefore(db, time)],
  replaceGuildRoles: (db) => [roles.replaceGuildRoles(db, '1', [role])],
  upsertGuildRole: (db) => [roles.upsertGuildRole(db, '1', role)],
  deleteGuildRole: (db) => [roles.deleteGuildRole(db, '1', '1')],
  listGuildRoles: (db) => [roles.listGuildRoles(db, '1')],
  ensureGuildSettings: (db) => [guildSettings.ensureGuildSettings(db, '1')],
  getGuildSettings: (db) => [guildSettings.getGuildSettings(db, '1')],
  mergeGuildSettings: (db) => [guildSettings.mergeGuildSettings(db, '1', {})],
  replaceGuildSettings: (db) => [guildSettings.replaceGuildSettings(db, '1', {})],
  upsertGuilds: (db) => [guilds.upsertGuilds(db, [sampleGuild()])],
  upsertGuild: (db) => [guilds.upsertGuild(db, sampleGuild())],
  markGuildsSeen: (db) => [guilds.markGuildsSeen(db, ['1'])],
  listGuilds: (db) => [guilds.listGuilds(db)],
  getGuild: (db) => [guilds.getGuild(db, '1')],
  deleteGuild: (db) => [guilds.deleteGuild(db, '1')],
  deleteSettingsOf: (db) => [guilds.deleteSettingsOf(db, ['1'])],
  createInstallIntent: (db) => [
    intents.createInstallIntent(db, { userId: '1', guildId: '1', ttlSeconds: 1 }),
  ],
  consumeInstallIntent: (db) => [intents.consumeInstallIntent(db, { state: 's', userId: '1', guildId: '1' })],
  purgeInstallIntents: (db) => [intents.purgeInstallIntents(db, 1)],
  addJob: (db) => [jobQueue.addJob(db, { task: 't', payload: {} })],
  raiseBeacon: (db) => [jobQueue.raiseBeacon(db, 'p')],
  unlockDeadPools: (db) => [jobQueue.unlockDeadPools(db)],
  hasLivingWorker: (db) => [jobQueue.hasLivingWorker(db)],
  findRunsWithoutJob: (db) => [jobQueue.findRunsWithoutJob(db, 1)],
  breakLiveCoverage: (db) => [breakLiveCoverage(db, '1', ['1'])],
  writeEditedMessage: (db) => [writeEditedMessage(db, edited, [], [])],
  writeLiveMessages: (db) => [writeLiveMessages(db, 's', [], [], [])],
  upsertMemberRoles: (db) => [memberRoles.upsertMemberRoles(db, '1', '1', ['1'])],
  getMemberRoles: (db) => [memberRoles.getMemberRoles(db, '1', '1')],
  listMemberRoles: (db) => [memberRoles.listMemberRoles(db, '1')],
  deleteMemberRoles: (db) => [memberRoles.deleteMemberRoles(db, '1', '1')],
  startScanRun: (db) => [moves.startScanRun(db, runId, 'w')],
  succeedScanRun: (db) => [moves.succeedScanRun(db, runId), moves.succeedScanRun(db, runId, 'w')],
  failScanRun: (db) => [moves.failScanRun(db, runId, 'x: y')],
  cancelScanRun: (db) => [moves.cancelScanRun(db, runId)],
  cancelUnfinishedScanRuns: (db) => [moves.cancelUnfinishedScanRuns(db, ['1'], 'x: y')],
  findGuildOverview: (db) => [findGuildOverview(db, '1')],
  listChannelOverviews: (db) => [listChannelOverviews(db, '1')],
  listGuildOverviews: (db) => [listGuildOverviews(db)],
  findRun: (db) => [findRun(db, runId)],
  listRuns: (db) => [
    listRuns(db, { limit: 1 }),
    listRuns(db, { guildId: '1', channelId: '1', status: 'queued', limit: 1 }),
  ],
  commitScanPage: (db) => [commitScanPage(db, page)],
  parkScanRun: (db) => [parkScanRun(db, runId, 'w', 1)],
  addScanRunProgress: (db) => [addScanRunProgress(db, runId, 'w', progress)],
  getScanRun: (db) => [scanRuns.getScanRun(db, runId)],
  listScanRuns: (db) => [
    scanRuns.listScanRuns(db, { channelId: '1' }, { limit: 1 }),
    scanRuns.listScanRuns(db, { guildId: '1' }, { limit: 1 }),
  ],
  latestScanRunPerChannel: (db) => [scanRuns.latestScanRunPerChannel(db, '1')],
  listUnfinishedScanRuns: (db) => [scanRuns.listUnfinishedScanRuns(db, { limit: 1 })],
  writeSchema: (db) => [writeSchema(db)],
  upsertUserFromLogin: (db) => [users.upsertUserFromLogin(db, profile)],
  ensureUser: (db) => [users.ensureUser(db, '1')],
  getUser: (db) => [users.getUser(db, '1')],
  deleteUser: (db) => [users.deleteUser(db, '1')],
  findLink: (db) => [links.findLink(db, '1')],
  listLinksOfMessages: (db) => [links.listLinksOfMessages(db, ['1'])],
  storeFreshLinks: (db) => [links.storeFreshLinks(db, [link])],
  recordRemovedFiles: (db) => [links.recordRemovedFiles(db, '1', ['1'])],
  markMessagesDeleted: (db) => [markMessagesDeleted(db, ['1'])],
  purgeDeletedMessages: (db) => [purgeDeletedMessages(db, 1)],
  countVideos: (db) => [countVideos(db, {}), countVideos(db, { guildId: '1', channelId: '1' }, place)],
  findVideo: (db) => [findVideo(db, '1')],
  listVideos: (db) => [
    listVideos(db, {}, { limit: 1 }),
    listVideos(db, { guildId: '1', channelId: '1' }, { limit: 1, after: place }),
  ],
};
