import { expect, test } from 'vitest';
import { generateWorld } from '../generate/generate-world.ts';
import { loginCast } from './personas.ts';

test('whoever owns a server is not shown as one who manages that of somebody else', () => {
  const world = generateWorld(1);
  for (const guild of world.guilds.values()) guild.botJoined = true; // of an owner, a second server is here now
  const manager = loginCast(world).featured.find(({ headline }) => headline.startsWith('Manages'));
  expect(manager?.standings.map(({ rank }) => rank)).toContain('manager');
  expect(manager?.standings.map(({ rank }) => rank)).not.toContain('owner');
});
