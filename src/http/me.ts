import { z } from 'zod';
import { me } from './contract/viewer.ts';
import { action } from './door.ts';

export const getMe = action({
  summary: 'Who is logged in',
  answer: me,
  handle: ({ access }, { viewer }) => access.describeViewer(viewer),
});

export const patchMe = action({
  summary: 'Changes what the viewer chose for all their sessions',
  body: z.strictObject(
    { showsAgeRestricted: z.boolean('true or false') },
    'an object with showsAgeRestricted',
  ),
  answer: me,
  async handle({ access }, { viewer, body }) {
    await access.setShowsAgeRestricted(viewer, body.showsAgeRestricted);
    return access.describeViewer(viewer);
  },
});
