import { expect, onTestFinished, test } from 'vitest';
import { MemberReader } from '../../src/access/member-reader.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { ids, smallWorld } from '../sandbox/small-world.ts';
import { startTestSandbox, type TestSandbox } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';
import { openRest, silent } from './sight-stage.ts';

const NOW = '2026-11-30T12:00:00Z';
const member = { kind: 'member' };
const unknown = { kind: 'unknown' };

async function openReader(): Promise<{ members: MemberReader; sandbox: TestSandbox }> {
  const sandbox = await startTestSandbox(smallWorld());
  onTestFinished(() => sandbox.close());
  const signal = new AbortController().signal;
  const members = new MemberReader({ rest: openRest(sandbox), clock: systemClock, log: silent, signal });
  return { members, sandbox };
}

test('one question that waits too long, while others are answered, is no Discord that does not answer', async () => {
  const { members, sandbox } = await openReader();
  await sandbox.control('fail', { kind: 'hang', route: '/thread-members/', count: 1 });
  const waiting = members.readThreadMember(ids.privateThread, ids.guild, ids.member, NOW);
  await waitFor(async () => (await sandbox.requests())['GET /channels/:channel/thread-members/:user'] === 1);
  expect(await members.readMember(ids.guild, ids.member, NOW)).toMatchObject(member);
  expect(await waiting).toEqual(unknown);
  expect(await members.readMember(ids.guild, ids.manager, NOW)).toMatchObject(member);
});

test('a Discord that answers nobody is left alone for a while', async () => {
  const { members, sandbox } = await openReader();
  await sandbox.control('fail', { kind: 'hang', route: '/members/', count: 1 });
  expect(await members.readMember(ids.guild, ids.member, NOW)).toEqual(unknown);
  expect(await members.readMember(ids.guild, ids.manager, NOW)).toEqual(unknown); // not asked: only one is met
});
