import type { Control } from './control.ts';

export const gatewayControls: Control[] = [
  {
    name: 'drop-gateway',
    help: 'Ends all gateway connections: with a close code, or abruptly without one.',
    fields: { 'code?': 'close code', 'resumable?': 'whether the sessions live on (default true)' },
    run: ({ gateway }, fields) => ({
      dropped: gateway.drop({
        code: fields.optional('code', (name) => fields.integer(name, 3000, 4999)),
        isResumable: fields.optional('resumable', fields.boolean) ?? true,
      }),
    }),
  },
  {
    name: 'gateway-reconnect',
    help: 'Sends op 7 (reconnect) on all connections.',
    fields: {},
    run: ({ gateway }) => ({ told: gateway.tell('reconnect') }),
  },
  {
    name: 'gateway-invalidate',
    help: 'Sends op 9 (invalid session) on all connections.',
    fields: { resumable: 'its d: whether the session may be resumed' },
    run: ({ gateway }, fields) => ({
      told: gateway.tell(fields.boolean('resumable') ? 'resume' : 'identify anew'),
    }),
  },
  {
    name: 'gateway-faults',
    help: 'Withholds heartbeat ACKs, refuses every RESUME, or takes no connections at all.',
    fields: {
      'skips_acks?': 'true or false',
      'refuses_resumes?': 'true or false',
      'is_down?': 'true or false',
    },
    run({ gateway }, fields) {
      const { faults } = gateway;
      faults.skipsAcks = fields.optional('skips_acks', fields.boolean) ?? faults.skipsAcks;
      faults.refusesResumes = fields.optional('refuses_resumes', fields.boolean) ?? faults.refusesResumes;
      faults.isDown = fields.optional('is_down', fields.boolean) ?? faults.isDown;
      return faults;
    },
  },
];
