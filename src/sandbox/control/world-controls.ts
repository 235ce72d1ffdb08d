import { clips } from '../generate/clip-catalogue.ts';
import type { Control } from './control.ts';

const MAX_LIFE_SECS = 365 * 24 * 60 * 60;

export const worldControls: Control[] = [
  {
    name: 'seed',
    help: 'The number that this world was made from.',
    fields: {},
    run: ({ state }) => ({ seed: state.world.seed }),
  },
  {
    name: 'world',
    help: 'Guilds, channels with their counts, users and clips: the ids that other controls take.',
    fields: {},
    run: ({ state }) => ({
      seed: state.world.seed,
      application: state.world.application,
      bot: state.world.bot,
      users: [...state.world.users.values()].map(({ id, username }) => ({ id, username })),
      guilds: [...state.world.guilds.values()].map((guild) => ({
        id: guild.id,
        name: guild.name,
        owner_id: guild.ownerId,
        bot_joined: guild.botJoined,
        unavailable: guild.isUnavailable,
        roles: [...guild.roles.values()].map(({ id, name, permissions }) => ({ id, name, permissions })),
        members: [...guild.members.values()].map(({ user, roles }) => ({ user_id: user.id, roles })),
        channels: [...guild.channels.values()].map(({ channel, messages }) => ({
          id: channel.id,
          type: channel.type,
          name: channel.name,
          messages: messages.length,
        })),
      })),
      clips: clips.map(({ file }) => file),
    }),
  },
  {
    name: 'intents',
    help: 'Switches privileged intents of the application, as its portal page would.',
    fields: {
      'message_content?': 'true or false',
      'guild_members?': 'true or false',
      'presences?': 'true or false',
    },
    run({ state }, fields) {
      const { switches } = state;
      switches.messageContent = fields.optional('message_content', fields.boolean) ?? switches.messageContent;
      switches.guildMembers = fields.optional('guild_members', fields.boolean) ?? switches.guildMembers;
      switches.presences = fields.optional('presences', fields.boolean) ?? switches.presences;
    },
  },
  {
    name: 'link-life',
    help: 'Life of the file links given out from now on.',
    fields: { secs: 'seconds' },
    run: ({ state }, fields) => state.links.setLifeSecs(fields.integer('secs', 1, MAX_LIFE_SECS)),
  },
  {
    name: 'expire-links',
    help: 'Kills every file link given out so far, whatever it says of its life.',
    fields: {},
    run: ({ state }) => state.links.expireAll(),
  },
  {
    name: 'live-traffic',
    help: 'Lets members post by themselves, or stops them.',
    fields: { on: 'true or false' },
    run({ state }, fields) {
      state.switches.liveTraffic = fields.boolean('on');
    },
  },
];
