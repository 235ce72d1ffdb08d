import { z } from 'zod';

export const instance = z
  .object({
    isSandbox: z
      .boolean()
      .meta({ description: 'Discord is the sandbox on this machine, nothing of it is on discord.com.' }),
    mayInstall: z
      .enum(['everybody', 'operators'])
      .meta({ description: 'Who may add the bot to a guild by this program.' }),
  })
  .meta({ id: 'Instance', description: 'What holds as long as the program runs.' });
export type Instance = z.infer<typeof instance>;

export const readinessCheck = z.object({
  name: z.string(),
  isReady: z.boolean(),
  reason: z.string().nullable(),
});
export type ReadinessCheck = z.infer<typeof readinessCheck>;

export const readiness = z
  .object({ isReady: z.boolean(), checks: z.array(readinessCheck) })
  .meta({ id: 'Readiness', description: 'Whether this process can work, and what it waits for.' });
export type Readiness = z.infer<typeof readiness>;
