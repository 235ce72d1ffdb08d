import { z } from 'zod';
import { filterSeenRuns } from '../db/list-scan-runs.ts';
import { isSetUp } from '../db/pending-setups.ts';
import { setUpGuild } from '../jobs/set-up-guild.ts';
import { requireSeen } from './channels.ts';
import { guildSetup } from './contract/guild-setup.ts';
import { guildScan } from './contract/run.ts';
import { managerAction } from './door.ts';
import { guildItself } from './guild-of.ts';
import { channelIds, snowflake } from './parameters.ts';

export const getGuildSetup = managerAction({
  summary: 'What there is to choose when a guild is set up',
  path: { id: snowflake },
  answer: guildSetup,
  guildOf: guildItself,
  async handle({ db, access }, { path, sight }) {
    return {
      isSetUp: await isSetUp(db, path.id),
      channels: await access.listSetupChannels(await sight(), path.id),
    };
  },
});

const setupBody = z.strictObject(
  { channelIds, scan: z.boolean('true or false') },
  'an object with channelIds and scan',
);

export const postGuildSetup = managerAction({
  summary: 'Sets a guild up: these channels are read from now on, and their history if `scan` is true',
  path: { id: snowflake },
  body: setupBody,
  answer: guildScan,
  status: 202,
  guildOf: guildItself,
  async handle({ db, access }, { path, body, sight }) {
    const eyes = await sight();
    const seen = await access.listSetupChannels(eyes, path.id);
    requireSeen(
      body.channelIds,
      seen.map((channel) => channel.id),
    );
    const choice = { channelIds: body.channelIds, isScanned: body.scan };
    const runIds = await db.transaction((tx) => setUpGuild(tx, path.id, choice));
    return { runIds: await filterSeenRuns(db, eyes, runIds) };
  },
});
