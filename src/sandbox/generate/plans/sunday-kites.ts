import type { GuildPlan } from '../guild-plan.ts';

/** A guild without Clipdex, for whoever wants to try the installation. */
export const sundayKites: GuildPlan = {
  name: 'Sunday Kites',
  foundedAt: '2024-05-02T15:00:00Z',
  botJoined: false,
  owner: 'harbour_gull',
  members: ['harbour_gull', 'mossbyte', 'kettle.fern', 'slow_lantern', 'mistral_y', 'ljusglimt', 'bao_drift'],
  newcomers: ['reed_piper', 'dusk_heron'],
  bots: [],
  roles: [
    {
      name: 'Line Holders',
      color: 0x3498db,
      holders: ['mossbyte', 'slow_lantern', 'reed_piper'],
      permissions: 'organiser',
    },
    { name: 'Windy', color: 0xbdc3c7, holders: ['kettle.fern', 'mistral_y'] },
  ],
  nicks: { mistral_y: 'Mistral, obviously' },
  categories: [
    {
      name: 'Field',
      channels: [
        {
          name: 'wind-report',
          type: 'text',
          topic: 'Is it blowing?',
          book: 'lounge',
          messages: 130,
          videos: 2,
          isGreeting: true,
        },
        { name: 'flights', type: 'text', book: 'wheels', messages: 100, videos: 6 },
      ],
    },
  ],
};
