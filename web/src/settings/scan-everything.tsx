import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Guild, GuildScan } from '../../../src/http/contract.ts';
import { sendJson } from '../api/send-json.ts';
import { Button } from '../display/button.tsx';
import { plural } from '../display/format.ts';
import { Problem } from '../display/problem.tsx';
import { Section } from '../page/section.tsx';

/** Reads what is not read yet in all channels of the guild that are switched on. */
export function ScanEverything({ guild }: { guild: Guild }) {
  const queryClient = useQueryClient();
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: () => sendJson<GuildScan>('POST', `/api/guilds/${guild.id}/runs`),
    onSuccess: () => queryClient.invalidateQueries(),
  });
  const isNothingRead = guild.readingCount === 0;
  return (
    <Section
      title="Scan"
      intro="Reads what is not read yet in all channels that are switched on, and in their threads. What was read before is not read again."
      action={
        <Button onClick={() => mutate()} isBusy={isPending} isDisabled={isNothingRead}>
          Scan everything
        </Button>
      }
    >
      <Problem error={error} />
      {isNothingRead && <p className="text-sm text-muted">No channel is switched on.</p>}
      {!isNothingRead && data && (
        <p role="status" className="text-sm">
          {data.runIds.length === 0
            ? 'No channel needs a run; their threads are being looked through. '
            : `${plural(String(data.runIds.length), 'run')} queued. `}
          <Link to="/" search={{ guild: guild.id }} className="font-semibold text-accent hover:underline">
            Watch it in the library
          </Link>
        </p>
      )}
    </Section>
  );
}
