import { instance } from './contract/instance.ts';
import { openAction } from './door.ts';

export const getInstance = openAction({
  summary: 'What holds as long as the program runs',
  answer: instance,
  handle: ({ isSandbox, installs }) => ({
    isSandbox,
    mayInstall: installs === 'open' ? ('everybody' as const) : ('operators' as const),
  }),
});
