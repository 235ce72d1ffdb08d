import { serveAttachment } from './cdn/attachments.ts';
import { serveExternal } from './cdn/external-media.ts';
import { serveAvatar, serveDefaultAvatar, serveGuildIcon } from './cdn/icons.ts';
import { serveMedia } from './cdn/media-proxy.ts';
import { describeControls, runControl } from './control/control-api.ts';
import type { Route } from './http/router.ts';
import { decideAuthorization, showAuthorizePage } from './oauth/authorize.ts';
import { describeAuthorization, exchangeToken, revokeToken } from './oauth/tokens.ts';
import { getOwnApplication } from './rest/applications.ts';
import { refreshUrls } from './rest/attachments.ts';
import { getChannel, listGuildChannels } from './rest/channels.ts';
import { deleteCommand, listCommands, postCommand, putCommands } from './rest/commands.ts';
import { getBotGateway, getGateway } from './rest/gateway-address.ts';
import { getGuild, getMember, getOwnMember, listMembers, listOwnGuilds, listRoles } from './rest/guilds.ts';
import { answerInteraction, getOriginal, patchOriginal, postFollowUp } from './rest/interactions.ts';
import { deleteMessage, getMessage, listMessages, patchMessage, postMessage } from './rest/messages.ts';
import { searchMessages } from './rest/search.ts';
import { getThreadMember, listThreadMembers } from './rest/thread-members.ts';
import {
  listActiveThreads,
  listJoinedPrivateArchivedThreads,
  listPrivateArchivedThreads,
  listPublicArchivedThreads,
} from './rest/threads.ts';
import { getOwnUser, getUser } from './rest/users.ts';
import type { Sandbox } from './sandbox.ts';

type Routes = readonly Route<Sandbox>[];

/** Discord's API, below `/api/v10`, `/api/v9` or `/api`. */
export const apiRoutes: Routes = [
  { method: 'GET', path: '/gateway', who: 'anyone', handle: getGateway },
  {
    method: 'GET',
    path: '/gateway/bot',
    who: 'bot',
    limit: { requests: 2, perSecs: 5 },
    handle: getBotGateway,
  },

  { method: 'GET', path: '/applications/@me', who: 'bot', handle: getOwnApplication },
  { method: 'GET', path: '/oauth2/applications/@me', who: 'bot', handle: getOwnApplication },
  { method: 'GET', path: '/users/@me', who: 'bot or user', scope: 'identify', handle: getOwnUser },
  { method: 'GET', path: '/users/@me/guilds', who: 'bot or user', scope: 'guilds', handle: listOwnGuilds },
  {
    method: 'GET',
    path: '/users/@me/guilds/:guild/member',
    who: 'bot or user',
    scope: 'guilds.members.read',
    handle: getOwnMember,
  },
  { method: 'GET', path: '/users/:user', who: 'bot', handle: getUser },

  { method: 'GET', path: '/guilds/:guild', who: 'bot', handle: getGuild },
  { method: 'GET', path: '/guilds/:guild/roles', who: 'bot', handle: listRoles },
  { method: 'GET', path: '/guilds/:guild/members', who: 'bot', handle: listMembers },
  { method: 'GET', path: '/guilds/:guild/members/:user', who: 'bot', handle: getMember },
  { method: 'GET', path: '/guilds/:guild/channels', who: 'bot', handle: listGuildChannels },
  { method: 'GET', path: '/guilds/:guild/threads/active', who: 'bot', handle: listActiveThreads },
  {
    method: 'GET',
    path: '/guilds/:guild/messages/search',
    who: 'bot',
    bucket: 'search',
    limit: { requests: 10, perSecs: 10 },
    handle: searchMessages,
  },

  { method: 'GET', path: '/channels/:channel', who: 'bot', handle: getChannel },
  {
    method: 'GET',
    path: '/channels/:channel/messages',
    who: 'bot',
    bucket: 'messages',
    limit: { requests: 5, perSecs: 5 },
    handle: listMessages,
  },
  {
    method: 'POST',
    path: '/channels/:channel/messages',
    who: 'bot',
    bucket: 'post message',
    limit: { requests: 5, perSecs: 5 },
    handle: postMessage,
  },
  {
    method: 'GET',
    path: '/channels/:channel/messages/:message',
    who: 'bot',
    bucket: 'message',
    limit: { requests: 10, perSecs: 10 },
    handle: getMessage,
  },
  { method: 'PATCH', path: '/channels/:channel/messages/:message', who: 'bot', handle: patchMessage },
  { method: 'DELETE', path: '/channels/:channel/messages/:message', who: 'bot', handle: deleteMessage },
  {
    method: 'GET',
    path: '/channels/:channel/threads/archived/public',
    who: 'bot',
    handle: listPublicArchivedThreads,
  },
  {
    method: 'GET',
    path: '/channels/:channel/threads/archived/private',
    who: 'bot',
    handle: listPrivateArchivedThreads,
  },
  {
    method: 'GET',
    path: '/channels/:channel/users/@me/threads/archived/private',
    who: 'bot',
    handle: listJoinedPrivateArchivedThreads,
  },
  { method: 'GET', path: '/channels/:channel/thread-members', who: 'bot', handle: listThreadMembers },
  { method: 'GET', path: '/channels/:channel/thread-members/:user', who: 'bot', handle: getThreadMember },
  { method: 'POST', path: '/attachments/refresh-urls', who: 'bot', handle: refreshUrls },

  { method: 'GET', path: '/applications/:application/commands', who: 'bot', handle: listCommands },
  { method: 'PUT', path: '/applications/:application/commands', who: 'bot', handle: putCommands },
  { method: 'POST', path: '/applications/:application/commands', who: 'bot', handle: postCommand },
  {
    method: 'DELETE',
    path: '/applications/:application/commands/:command',
    who: 'bot',
    handle: deleteCommand,
  },
  {
    method: 'GET',
    path: '/applications/:application/guilds/:guild/commands',
    who: 'bot',
    handle: listCommands,
  },
  {
    method: 'PUT',
    path: '/applications/:application/guilds/:guild/commands',
    who: 'bot',
    handle: putCommands,
  },
  {
    method: 'POST',
    path: '/applications/:application/guilds/:guild/commands',
    who: 'bot',
    handle: postCommand,
  },
  {
    method: 'DELETE',
    path: '/applications/:application/guilds/:guild/commands/:command',
    who: 'bot',
    handle: deleteCommand,
  },
  {
    method: 'POST',
    path: '/interactions/:interaction/:token/callback',
    who: 'anyone',
    handle: answerInteraction,
  },
  { method: 'POST', path: '/webhooks/:webhook/:token', who: 'anyone', handle: postFollowUp },
  { method: 'GET', path: '/webhooks/:webhook/:token/messages/@original', who: 'anyone', handle: getOriginal },
  {
    method: 'PATCH',
    path: '/webhooks/:webhook/:token/messages/@original',
    who: 'anyone',
    handle: patchOriginal,
  },

  { method: 'GET', path: '/oauth2/@me', who: 'bot or user', handle: describeAuthorization },
  { method: 'POST', path: '/oauth2/token', who: 'client', handle: exchangeToken },
  { method: 'POST', path: '/oauth2/token/revoke', who: 'client', handle: revokeToken },
];

/** What Discord serves to browsers, and the sandbox's own controls. */
export const siteRoutes: Routes = [
  { method: 'GET', path: '/oauth2/authorize', who: 'anyone', handle: showAuthorizePage },
  { method: 'POST', path: '/oauth2/authorize', who: 'anyone', handle: decideAuthorization },
  {
    method: 'GET',
    path: '/attachments/:channel/:attachment/:filename',
    who: 'anyone',
    handle: serveAttachment,
  },
  {
    method: 'GET',
    path: '/media/attachments/:channel/:attachment/:filename',
    who: 'anyone',
    handle: serveMedia,
  },
  { method: 'GET', path: '/external/:copy/:filename', who: 'anyone', handle: serveExternal },
  { method: 'GET', path: '/icons/:guild/:file', who: 'anyone', handle: serveGuildIcon },
  { method: 'GET', path: '/avatars/:user/:file', who: 'anyone', handle: serveAvatar },
  { method: 'GET', path: '/embed/avatars/:file', who: 'anyone', handle: serveDefaultAvatar },
  { method: 'GET', path: '/_sandbox', who: 'anyone', handle: describeControls },
  { method: 'GET', path: '/_sandbox/:command', who: 'anyone', handle: runControl },
  { method: 'POST', path: '/_sandbox/:command', who: 'anyone', handle: runControl },
];
