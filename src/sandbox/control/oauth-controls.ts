import type { Control } from './control.ts';
import { userIn } from './find.ts';

const MAX_LIFE_SECS = 365 * 24 * 60 * 60;

export const oauthControls: Control[] = [
  {
    name: 'token-life',
    help: 'Life of the OAuth access tokens given out from now on.',
    fields: { secs: 'seconds' },
    run({ limits }, fields) {
      limits.accessTokenSecs = fields.integer('secs', 1, MAX_LIFE_SECS);
    },
  },
  {
    name: 'authorizations',
    help: 'Which users granted the application what, since the sandbox was started.',
    fields: {},
    run: ({ grants }) => ({
      authorizations: grants.authorizations().map(({ userId, scopes }) => ({ user_id: userId, scopes })),
    }),
  },
  {
    name: 'end-authorization',
    help: 'Takes back what a user granted, as the user does in the settings of Discord: all tokens and codes are void.',
    fields: { user_id: 'user' },
    run: (sandbox, fields) => sandbox.grants.endAuthorization(userIn(sandbox, fields).id),
  },
];
