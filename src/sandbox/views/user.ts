import type { APIUser } from 'discord-api-types/v10';
import type { WorldMember } from '../world.ts';

export function userView(user: APIUser) {
  return {
    public_flags: 0,
    flags: 0,
    banner: null,
    accent_color: null,
    avatar_decoration_data: null,
    collectibles: null,
    primary_guild: null,
    ...user,
  };
}

/** What `GET /users/@me` tells about oneself. */
export function ownUserView(user: APIUser, hasEmailScope: boolean) {
  return {
    ...userView(user),
    mfa_enabled: false,
    locale: 'en-US',
    premium_type: 0,
    ...(hasEmailScope && { email: `${user.username}@example.com`, verified: true }),
  };
}

export function memberView(member: WorldMember) {
  return {
    avatar: null,
    avatar_decoration_data: null,
    banner: null,
    collectibles: null,
    communication_disabled_until: null,
    nick: null,
    pending: false,
    premium_since: null,
    ...member,
    flags: member.flags ?? 0,
    user: userView(member.user),
  };
}

/** A member beside a user that is sent already, as in message events. */
export function partialMemberView(member: WorldMember) {
  const { user: _, ...rest } = memberView(member);
  return rest;
}
