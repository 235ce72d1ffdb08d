import type { Logger } from '../lib/log.ts';
import type { CommandStore } from './command-store.ts';
import type { Faults } from './faults.ts';
import type { GatewayHub } from './gateway/hub.ts';
import type { InteractionStore } from './interaction-store.ts';
import type { Grants } from './oauth/grants.ts';
import type { Asked, SandboxLimits, Verdict } from './rate-limits.ts';
import type { SandboxState } from './state.ts';
import type { Stats } from './stats.ts';

/** What the application's portal page would show. */
export type Credentials = {
  token: string;
  clientId: string;
  clientSecret: string;
  /** Where OAuth may send users back to; empty: any address of this machine. */
  redirectUris: readonly string[];
};

/** Everything that a request can touch. */
export type Sandbox = {
  state: SandboxState;
  credentials: Credentials;
  limits: SandboxLimits;
  spend: (asked: Asked) => Verdict;
  faults: Faults;
  stats: Stats;
  gateway: GatewayHub;
  grants: Grants;
  commands: CommandStore;
  interactions: InteractionStore;
  log: Logger;
};
