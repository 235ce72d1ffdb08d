import * as age from '../../src/db/age-restriction.ts';
import * as apiTokens from '../../src/db/api-tokens.ts';
import { deleteUnusedAuthors } from '../../src/db/authors.ts';
import { findCanceledRuns } from '../../src/db/canceled-runs.ts';
import { filterSeenGuilds, readChanges } from '../../src/db/changes.ts';
import { getChannelAccess, listChannelAccess } from '../../src/db/channel-access.ts';
import * as channelOverviews from '../../src/db/channel-overviews.ts';
import { findNeverScanned, listChannelRules, startReadingNew } from '../../src/db/channel-rules.ts';
import * as channelSettings from '../../src/db/channel-settings.ts';
import * as channels from '../../src/db/channels.ts';
import * as channelsSync from '../../src/db/channels-sync.ts';
import { findChannelsToScan, findThreadsToScan } from '../../src/db/channels-to-scan.ts';
import { ensureCoverage, findMissedStretches, getCoverage, lockMissedScope } from '../../src/db/coverage.ts';
import { getCoverageReport, listCoverage } from '../../src/db/coverage-report.ts';
import type { Transaction } from '../../src/db/database.ts';
import { pingDatabase, readDatabaseState } from '../../src/db/database-state.ts';
import * as grants from '../../src/db/discord-grants.ts';
import { type EditedMessage, writeEditedMessage } from '../../src/db/edited-messages.ts';
import { enqueueScanRun } from '../../src/db/enqueue-scan-run.ts';
import { enqueueScanRuns } from '../../src/db/enqueue-scan-runs.ts';
import * as gatewaySessions from '../../src/db/gateway-sessions.ts';
import { takeGatewayTurn } from '../../src/db/gateway-turn.ts';
import * as departures from '../../src/db/guild-departures.ts';
import { findGuildOverview, listGuildOverviews } from '../../src/db/guild-overviews.ts';
import * as roles from '../../src/db/guild-roles.ts';
import * as guildSettings from '../../src/db/guild-settings.ts';
import { readStanding } from '../../src/db/guild-standing.ts';
import * as guilds from '../../src/db/guilds.ts';
import { probeWhenSilent } from '../../src/db/held-locks.ts';
import { commitIndexPage, markStaleVideos } from '../../src/db/index-pages.ts';
import * as indexPasses from '../../src/db/index-passes.ts';
import { getIndexScope } from '../../src/db/index-scope.ts';
import * as intents from '../../src/db/install-intents.ts';
import * as jobQueue from '../../src/db/job-queue.ts';
import * as listedRuns from '../../src/db/list-scan-runs.ts';
import { beginLiveCoverage, breakLiveCoverage, settleLiveCoverage } from '../../src/db/live-coverage.ts';
import { writeLiveMessages } from '../../src/db/live-messages.ts';
import * as memberRoles from '../../src/db/member-roles.ts';
import { readInstanceCounts } from '../../src/db/metrics.ts';
import {
  cancelIndexPass,
  cancelIndexPasses,
  finishIndexPass,
  parkIndexPass,
  startIndexPass,
} from '../../src/db/move-index-pass.ts';
import * as moves from '../../src/db/move-scan-run.ts';
import { claimScanRun, parkScanRun } from '../../src/db/park-scan-run.ts';
import { awaitSetup, endSetup, isSetUp } from '../../src/db/pending-setups.ts';
import { deleteOldScanRuns } from '../../src/db/prune-scan-runs.ts';
import { purgeRateLimits, takeAllowance } from '../../src/db/rate-limits.ts';
import { listVideoWriters, reevaluateVideos } from '../../src/db/reevaluate-videos.ts';
import { commitScanPage } from '../../src/db/scan-pages.ts';
import { getScanRun } from '../../src/db/scan-runs.ts';
import { readDatabaseTime, sumScanRuns } from '../../src/db/scan-totals.ts';
import * as scanTurns from '../../src/db/scan-turns.ts';
import { writeSchema } from '../../src/db/schema-text.ts';
import * as sessions from '../../src/db/sessions.ts';
import { canSeeChannel, canSeeGuild, filterSeenChannels, type Sight } from '../../src/db/sight.ts';
import { countSkippedFiles } from '../../src/db/skipped-files.ts';
import * as threadLists from '../../src/db/thread-lists.ts';
import * as threadMembers from '../../src/db/thread-members.ts';
import * as users from '../../src/db/users.ts';
import * as links from '../../src/db/video-links.ts';
import { countVideoPage, readVideoPage } from '../../src/db/video-pages.ts';
import { markMessagesDeleted, purgeDeletedMessages } from '../../src/db/videos.ts';
import {
  countVideos,
  findVideo,
  listFoundVideos,
  listVideos,
  readVideoScope,
} from '../../src/db/videos-list.ts';
import * as viewerChannels from '../../src/db/viewer-channels.ts';
import { forgetGuildList, listViewerGuilds, replaceViewerGuilds } from '../../src/db/viewer-guilds.ts';
import * as viewers from '../../src/db/viewers.ts';
import { sampleChannel, sampleGuild } from './sample-rows.ts';

const time = new Date('2024-01-01T00:00:00Z');
const runId = '00000000-0000-4000-8000-000000000000';
const role = { id: '1', name: 'r', permissions: 0n, position: 0 };
const profile = { discordUserId: '1', username: 'u', globalName: null, avatar: null };
const place = { messageId: '1', id: '1' };
const runPlace = { group: 0, createdAt: time, id: runId };
const page = {
  ...{ runId, workerId: 'w', covered: null, isLast: false, messageIds: ['1'], skipped: [] },
  ...{ ownFormats: null, videos: [], authors: [], newestAt: null },
  pace: { workingMs: 1, plannedSpanMs: 1, remainingSpanMs: 1 },
};
const indexPage = {
  ...{ passId: runId, workerId: 'w', guildId: '1', videos: [], authors: [], documentsIndexed: null },
  next: { search: 'video', nextMaxId: null, barrenPages: 0 },
};
const shard = { apiUrl: 'u', botUserId: '7', shardId: 0, shardCount: 1 };
const session = { ...shard, sessionId: 's', resumeUrl: 'u', sequence: 1 };
const forum = { guildId: '1', forumId: '1' };
const toldMember = { guildId: '1', roleIds: [], timedOutUntil: null };
const toldGuild = { id: '1', name: 'g', icon: null, isOwner: false, permissions: 0n };
const secretHash = Buffer.alloc(32);
const life = { days: 1, idleDays: 1 };
const grant = {
  userId: '1',
  keyId: 'k',
  accessToken: secretHash,
  refreshToken: secretHash,
  expiresInSecs: 1,
};
const link = { ...place, url: 'u', proxyUrl: null, expiresAt: time };
const edited: EditedMessage = {
  ...{ channelId: '1', messageId: '1', editedAt: null, tellsCaption: true },
  ...{ fileIds: [], toldSources: ['attachment'] },
};
const threadList: threadLists.ThreadList = {
  ...{ channelId: '1', guildId: '1', visibility: 'public', type: 'text', overwrites: [], dueAt: time },
  ...{ unseenSince: null, listedTo: null, beganAt: null, nextBefore: null, refusal: null },
};

/** A statement is another one for each kind of eyes. */
const byAll = (call: (sight: Sight) => Promise<unknown>[]) => [
  ...call('everything'),
  ...call({ userId: '1' }),
];

/**
 * One call of every exported function of src/db that sends statements, by its name; more than one where arguments
 * choose the statement. What they are called with does not matter: the statements are prepared, not run.
 */
export const statementCalls: Record<string, (db: Transaction) => Promise<unknown>[]> = {
  getChannelAccess: (db) => [getChannelAccess(db, '1')],
  listChannelAccess: (db) => [listChannelAccess(db, '1')],
  findClosedReading: (db) => [age.findClosedReading(db, '1')],
  noteAwaitingOpening: (db) => [age.noteAwaitingOpening(db, ['1'])],
  noteNewAwaitingOpening: (db) => [age.noteNewAwaitingOpening(db, ['1'])],
  forgetAwaitingOpening: (db) => [age.forgetAwaitingOpening(db, ['1'])],
  takeOpened: (db) => [age.takeOpened(db, '1')],
  listNewestCovered: (db) => [age.listNewestCovered(db, ['1'])],
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
  upsertChannels: (db) => [channelsSync.upsertChannels(db, '1', [sampleChannel()])],
  findHousedThreads: (db) => [channelsSync.findHousedThreads(db, '1', [sampleChannel()])],
  deleteChannelsNotIn: (db) => [channelsSync.deleteChannelsNotIn(db, '1', [], ['text'])],
  deleteGoneThread: (db) => [channelsSync.deleteGoneThread(db, '1')],
  deleteChannel: (db) => [channelsSync.deleteChannel(db, '1')],
  findChannelsToScan: (db) => [findChannelsToScan(db, '1', 1)],
  findThreadsToScan: (db) => [
    findThreadsToScan(db, { parentIds: ['1'] }, 'auto', 1),
    findThreadsToScan(db, { threadIds: ['1'] }, 'person', 1),
  ],
  ensureThreadLists: (db) => [threadLists.ensureThreadLists(db, '1')],
  askForThreadLists: (db) => [threadLists.askForThreadLists(db, '1', ['1'])],
  noteUnseenThreads: (db) => [threadLists.noteUnseenThreads(db, '1', ['1'])],
  askForUnseenThreads: (db) => [threadLists.askForUnseenThreads(db)],
  hasOpenThreadLists: (db) => [threadLists.hasOpenThreadLists(db, '1')],
  listThreadLists: (db) => [threadLists.listThreadLists(db, { guildId: '1', channelId: '1' })],
  advanceThreadList: (db) => [
    threadLists.advanceThreadList(db, threadList, { beganAt: time, nextBefore: time }),
  ],
  finishThreadList: (db) => [
    threadLists.finishThreadList(db, threadList, { listedTo: time, refusal: null, asked: threadList }),
  ],
  wantThreadList: (db) => [threadLists.wantThreadList(db, threadList)],
  refuseThreadList: (db) => [threadLists.refuseThreadList(db, threadList, 'missing_access')],
  findVanishedThreads: (db) => [threadLists.findVanishedThreads(db, ['1'], ['1'], 1)],
  noteOutOfSight: (db) => [threadLists.noteOutOfSight(db, '1')],
  ensureCoverage: (db) => [ensureCoverage(db, '1')],
  findMissedStretches: (db) => [
    findMissedStretches(db, { guildId: '1' }),
    findMissedStretches(db, { channelIds: ['1'], abandonedRunId: runId }),
  ],
  lockMissedScope: (db) => [lockMissedScope(db, { guildId: '1' })],
  getCoverageReport: (db) => byAll((sight) => [getCoverageReport(db, sight, '1', 1)]),
  listCoverage: (db) => byAll((sight) => [listCoverage(db, sight, '1', 1)]),
  getCoverage: (db) => [getCoverage(db, '1')],
  pingDatabase: (db) => [pingDatabase(db)],
  readDatabaseState: (db) => [readDatabaseState(db)],
  enqueueScanRun: (db) => [enqueueScanRun(db, { channelId: '1', requestedBy: 'auto' })],
  enqueueScanRuns: (db) => [enqueueScanRuns(db, [{ channelId: '1', requestedBy: 'auto' }])],
  getGatewaySession: (db) => [gatewaySessions.getGatewaySession(db, session, 1)],
  saveGatewaySession: (db) => [gatewaySessions.saveGatewaySession(db, session, 1)],
  takeGatewayTurn: (db) => [takeGatewayTurn(db, session, 'h')],
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
  listGuilds: (db) => [guilds.listGuilds(db)],
  getGuild: (db) => [guilds.getGuild(db, '1')],
  deleteGuild: (db) => [guilds.deleteGuild(db, '1')],
  deleteSettingsOf: (db) => [guilds.deleteSettingsOf(db, ['1'])],
  commitIndexPage: (db) => [commitIndexPage(db, indexPage)],
  markStaleVideos: (db) => [markStaleVideos(db, { guildId: '1' }), markStaleVideos(db, { channelId: '1' })],
  getIndexPass: (db) => [indexPasses.getIndexPass(db, runId)],
  listIndexPasses: (db) =>
    byAll((sight) => [indexPasses.listIndexPasses(db, sight, { guildId: '1', after: runPlace, limit: 1 })]),
  enqueueIndexPassRow: (db) => [indexPasses.enqueueIndexPassRow(db, { guildId: '1', requestedBy: 'auto' })],
  needsIndexPass: (db) => [indexPasses.needsIndexPass(db, '1', 'first')],
  findPassesWithoutJob: (db) => [indexPasses.findPassesWithoutJob(db, 1)],
  getIndexScope: (db) => [getIndexScope(db, '1')],
  cancelIndexPass: (db) => [cancelIndexPass(db, runId)],
  cancelIndexPasses: (db) => [cancelIndexPasses(db, '1', 'canceled')],
  finishIndexPass: (db) => [finishIndexPass(db, runId, 'w', { event: 'fail', reason: 'internal' })],
  parkIndexPass: (db) => [parkIndexPass(db, runId, 'w', { delaySecs: 1, isUnserved: true })],
  startIndexPass: (db) => [startIndexPass(db, runId, 'w')],
  createInstallIntent: (db) => [
    intents.createInstallIntent(db, { userId: '1', guildId: '1', ttlSeconds: 1 }),
  ],
  consumeInstallIntent: (db) => [intents.consumeInstallIntent(db, { state: 's', userId: '1', guildId: '1' })],
  purgeInstallIntents: (db) => [intents.purgeInstallIntents(db, 1)],
  addJobs: (db) => [jobQueue.addJobs(db, [{ task: 't', payload: {} }])],
  findCanceledRuns: (db) => [findCanceledRuns(db, [runId])],
  addJob: (db) => [jobQueue.addJob(db, { task: 't', payload: {} })],
  raiseBeacon: (db) => [jobQueue.raiseBeacon(db, 'p')],
  probeWhenSilent: (db) => [probeWhenSilent(db)],
  unlockDeadPools: (db) => [jobQueue.unlockDeadPools(db)],
  hasLivingWorker: (db) => [jobQueue.hasLivingWorker(db)],
  listJobsByKey: (db) => [jobQueue.listJobsByKey(db, ['k'])],
  takeJobTurn: (db) => [jobQueue.takeJobTurn(db, 'j')],
  listPlacesInLine: (db) => [scanTurns.listPlacesInLine(db, [runId])],
  isJobWaiting: (db) => [scanTurns.isJobWaiting(db, 0)],
  findRunsWithoutJob: (db) => [jobQueue.findRunsWithoutJob(db, 1)],
  breakLiveCoverage: (db) => [breakLiveCoverage(db, '1', ['1'])],
  beginLiveCoverage: (db) => [beginLiveCoverage(db, 's', ['1'])],
  settleLiveCoverage: (db) => [settleLiveCoverage(db, 's', 1)],
  reevaluateVideos: (db) => [
    reevaluateVideos(db, { guildId: '1' }, null, 1),
    reevaluateVideos(db, { channelId: '1' }, place, 1),
  ],
  listVideoWriters: (db) => [listVideoWriters(db)],
  canSeeChannel: (db) => byAll((sight) => [canSeeChannel(db, sight, '1')]),
  canSeeGuild: (db) => byAll((sight) => [canSeeGuild(db, sight, '1')]),
  filterSeenChannels: (db) => byAll((sight) => [filterSeenChannels(db, sight, ['1'])]),
  countSkippedFiles: (db) =>
    byAll((sight) => [
      countSkippedFiles(db, sight, { channelId: '1' }),
      countSkippedFiles(db, sight, { guildId: '1' }),
    ]),
  writeEditedMessage: (db) => [writeEditedMessage(db, edited, [], [])],
  writeLiveMessages: (db) => [writeLiveMessages(db, 's', [], [], [])],
  upsertMemberRoles: (db) => [memberRoles.upsertMemberRoles(db, '1', '1', ['1'])],
  getMemberRoles: (db) => [memberRoles.getMemberRoles(db, '1', '1')],
  storeMembers: (db) => [memberRoles.storeMembers(db, '1', [{ ...toldMember, askedAt: 'now' }])],
  noteMember: (db) => [memberRoles.noteMember(db, '1', toldMember)],
  forgetMember: (db) => [memberRoles.forgetMember(db, '1', [{ guildId: '1', askedAt: null }])],
  storeThreadMemberships: (db) => [
    threadMembers.storeThreadMemberships(db, '1', [{ channelId: '1', isMember: true, askedAt: 'now' }]),
  ],
  noteThreadMembers: (db) => [threadMembers.noteThreadMembers(db, '1', { joined: ['1'], left: [] })],
  readSightState: (db) => [viewerChannels.readSightState(db, '1')],
  readMemberState: (db) => [viewerChannels.readMemberState(db, '1', '1')],
  readSightSources: (db) => [viewerChannels.readSightSources(db, '1', ['1'])],
  storeViewerChannels: (db) => [viewerChannels.storeViewerChannels(db, '1', [])],
  startScanRun: (db) => [moves.startScanRun(db, runId, 'w')],
  succeedScanRun: (db) => [moves.succeedScanRun(db, runId), moves.succeedScanRun(db, runId, 'w')],
  failScanRun: (db) => [moves.failScanRun(db, runId, 'x: y')],
  cancelScanRun: (db) => [moves.cancelScanRun(db, runId)],
  lockUnfinishedScanRuns: (db) => [moves.lockUnfinishedScanRuns(db, ['1'])],
  cancelUnfinishedScanRuns: (db) => [moves.cancelUnfinishedScanRuns(db, ['1'], 'x: y')],
  findGuildOverview: (db) => byAll((sight) => [findGuildOverview(db, sight, '1')]),
  findChannelOverview: (db) => byAll((sight) => [channelOverviews.findChannelOverview(db, sight, '1')]),
  listChannelOverviews: (db) => byAll((sight) => [channelOverviews.listChannelOverviews(db, sight, '1')]),
  listThreadOverviews: (db) =>
    byAll((sight) => [
      channelOverviews.listThreadOverviews(db, sight, '1', { limit: 1 }),
      channelOverviews.listThreadOverviews(db, sight, '1', { before: '5', limit: 1 }),
    ]),
  listGuildOverviews: (db) => byAll((sight) => [listGuildOverviews(db, sight)]),
  findRuns: (db) => byAll((sight) => [listedRuns.findRuns(db, sight, [runId])]),
  filterSeenRuns: (db) => byAll((sight) => [listedRuns.filterSeenRuns(db, sight, [runId])]),
  readInstanceCounts: (db) => [readInstanceCounts(db)],
  readChanges: (db) => [readChanges(db, null), readChanges(db, '2024-01-01T00:00:00Z')],
  filterSeenGuilds: (db) => byAll((sight) => [filterSeenGuilds(db, sight, ['1'])]),
  listFoundVideos: (db) => byAll((sight) => [listFoundVideos(db, sight, '2024-01-01T00:00:00Z', 1)]),
  awaitSetup: (db) => [awaitSetup(db, '1')],
  endSetup: (db) => [endSetup(db, '1')],
  isSetUp: (db) => [isSetUp(db, '1')],
  readStanding: (db) => [readStanding(db, '1', null), readStanding(db, '1', '1')],
  getViewerSettings: (db) => [viewers.getViewerSettings(db, '1')],
  setShowsAgeRestricted: (db) => [viewers.setShowsAgeRestricted(db, '1', true)],
  findRun: (db) => byAll((sight) => [listedRuns.findRun(db, sight, runId)]),
  listRuns: (db) =>
    byAll((sight) => [
      listedRuns.listRuns(db, sight, { limit: 1 }),
      listedRuns.listRuns(db, sight, {
        ...{ guildId: '1', channelId: '1', status: 'queued', isNewest: true, after: runPlace, limit: 1 },
      }),
    ]),
  commitScanPage: (db) => [commitScanPage(db, page)],
  parkScanRun: (db) => [parkScanRun(db, runId, 'w', 'rate_limited', { firstSecs: 1, maxSecs: 1 })],
  deleteUnusedAuthors: (db) => [deleteUnusedAuthors(db, 10)],
  deleteOldScanRuns: (db) => [deleteOldScanRuns(db, 1, 1)],
  readDatabaseTime: (db) => [readDatabaseTime(db)],
  sumScanRuns: (db) => byAll((sight) => [sumScanRuns(db, sight, '1', time)]),
  claimScanRun: (db) => [claimScanRun(db, runId, 'w')],
  getScanRun: (db) => [getScanRun(db, runId)],
  writeSchema: (db) => [writeSchema(db)],
  upsertUserFromLogin: (db) => [users.upsertUserFromLogin(db, profile)],
  ensureUser: (db) => [users.ensureUser(db, '1')],
  getUser: (db) => [users.getUser(db, '1')],
  deleteUser: (db) => [users.deleteUser(db, '1')],
  insertSession: (db) => [sessions.insertSession(db, { secretHash, userId: '1', userAgent: null, life })],
  touchSession: (db) => [sessions.touchSession(db, secretHash, life)],
  listSessions: (db) => [sessions.listSessions(db, '1', life)],
  deleteSession: (db) => [sessions.deleteSession(db, '1', runId)],
  deleteSessionBySecret: (db) => [sessions.deleteSessionBySecret(db, secretHash)],
  deleteSessionsOf: (db) => [sessions.deleteSessionsOf(db, '1')],
  purgeSessions: (db) => [sessions.purgeSessions(db, life)],
  insertApiToken: (db) => [
    apiTokens.insertApiToken(db, { secretHash, userId: '1', name: 'n', scope: 'read', expiresInDays: null }),
  ],
  touchApiToken: (db) => [apiTokens.touchApiToken(db, secretHash)],
  listApiTokens: (db) => [apiTokens.listApiTokens(db, '1')],
  deleteApiToken: (db) => [apiTokens.deleteApiToken(db, '1', runId)],
  purgeApiTokens: (db) => [apiTokens.purgeApiTokens(db)],
  upsertGrant: (db) => [grants.upsertGrant(db, grant)],
  getGrant: (db) => [grants.getGrant(db, '1')],
  lockGrant: (db) => [grants.lockGrant(db, '1')],
  replaceGrant: (db) => [grants.replaceGrant(db, grant, grant)],
  takeGrant: (db) => [grants.takeGrant(db, '1')],
  endGrant: (db) => [grants.endGrant(db, grant)],
  purgeGrants: (db) => [grants.purgeGrants(db)],
  takeAllowance: (db) => [takeAllowance(db, { key: 'k', count: 1, perSecs: 1 })],
  purgeRateLimits: (db) => [purgeRateLimits(db)],
  findLink: (db) => byAll((sight) => [links.findLink(db, sight, '1')]),
  listLinksOfMessages: (db) => [links.listLinksOfMessages(db, ['1'])],
  storeFreshLinks: (db) => [links.storeFreshLinks(db, [link])],
  recordRemovedFiles: (db) => [links.recordRemovedFiles(db, '1', ['1'])],
  markMessagesDeleted: (db) => [markMessagesDeleted(db, ['1'])],
  purgeDeletedMessages: (db) => [purgeDeletedMessages(db, 1)],
  forgetGuildList: (db) => [forgetGuildList(db, '1')],
  replaceViewerGuilds: (db) => [replaceViewerGuilds(db, '1', [toldGuild])],
  listViewerGuilds: (db) => [listViewerGuilds(db, { userId: '1', isOperator: false })],
  countVideoPage: (db) => byAll((sight) => [countVideoPage(db, sight, forum, { limit: 1 })]),
  readVideoPage: (db) =>
    byAll((sight) => [readVideoPage(db, sight, forum, { limit: 1 }, (picked) => picked)]),
  countVideos: (db) =>
    byAll((sight) => [
      countVideos(db, sight, {}),
      countVideos(db, sight, { guildId: '1', channelId: '1' }, place),
      countVideos(db, sight, { forumId: '1' }),
    ]),
  findVideo: (db) => byAll((sight) => [findVideo(db, sight, '1')]),
  readVideoScope: (db) => [readVideoScope(db, { channelId: '1' })],
  listVideos: (db) =>
    byAll((sight) => [
      listVideos(db, sight, {}, { limit: 1 }),
      listVideos(db, sight, { guildId: '1', channelId: '1' }, { limit: 1, after: place }),
    ]),
};
