import { z } from 'zod';
import { id, pageOf, time } from './answer-parts.ts';

export const me = z
  .object({
    id,
    username: z.string().nullable(),
    globalName: z.string().nullable(),
    avatar: z.string().nullable(),
    isOperator: z.boolean().meta({ description: 'Runs this instance: sees and manages all of its guilds.' }),
    scope: z.enum(['read', 'manage']).meta({ description: 'What this session or token may do.' }),
    showsAgeRestricted: z
      .boolean()
      .meta({ description: 'Videos of age-restricted channels are not blurred.' }),
  })
  .meta({ id: 'Me', description: 'Who is logged in.' });
export type Me = z.infer<typeof me>;

export const session = z
  .object({
    id: z.uuid(),
    userAgent: z.string().nullable(),
    isCurrent: z.boolean().meta({ description: 'The one that asks.' }),
    createdAt: time,
    lastSeenAt: time,
    expiresAt: time,
  })
  .meta({ id: 'Session', description: 'A browser that is logged in.' });
export type Session = z.infer<typeof session>;
export const sessionPage = pageOf('SessionPage', session);

export const apiToken = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scope: z.enum(['read', 'manage']),
    createdAt: time,
    lastUsedAt: time.nullable(),
    expiresAt: time.nullable().meta({ description: 'Null: it does not expire.' }),
  })
  .meta({ id: 'ApiToken', description: 'A token for scripts, as Authorization: Bearer.' });
export type ApiToken = z.infer<typeof apiToken>;
export const apiTokenPage = pageOf('ApiTokenPage', apiToken);

export const newApiToken = apiToken
  .extend({
    token: z.string().meta({ description: 'The token itself: shown this once, and stored nowhere.' }),
  })
  .meta({ id: 'NewApiToken' });
export type NewApiToken = z.infer<typeof newApiToken>;

export const leaving = z
  .object({ url: z.string().meta({ description: "Discord's page that the browser goes to next." }) })
  .meta({ id: 'Leaving' });
export type Leaving = z.infer<typeof leaving>;
