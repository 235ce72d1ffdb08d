import type { Finding } from '../../../src/http/contract.ts';
import { Button } from '../display/button.tsx';
import { plural } from '../display/format.ts';
import { CheckIcon } from '../display/icons.tsx';
import { Loaded } from '../display/loaded.tsx';
import { Problem } from '../display/problem.tsx';
import { Section } from '../page/section.tsx';
import { FindingRow } from './finding-row.tsx';
import { useFindings } from './operator-queries.ts';

const urgency: Record<Finding['status'], number> = { fail: 0, warn: 1, ok: 2 };

/** What the doctor finds: what is to be done in full, the rest folded away. */
export function DoctorSection() {
  const { data: findings, error, isFetching, refetch } = useFindings();
  return (
    <Section
      title="Doctor"
      intro="What “clipdex doctor” finds on the machine of this page. It asks Discord too, so it takes a moment."
      action={
        findings && (
          <Button look="quiet" onClick={() => void refetch()} isBusy={isFetching}>
            {isFetching ? 'Examining…' : 'Examine again'}
          </Button>
        )
      }
    >
      <Loaded data={findings} error={error} onRetry={refetch} label="Examining">
        {(all) => (
          <>
            <Problem error={error} />
            <Findings findings={all} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Findings({ findings }: { findings: Finding[] }) {
  const troubles = findings
    .filter(({ status }) => status !== 'ok')
    .toSorted((a, b) => urgency[a.status] - urgency[b.status]);
  const good = findings.filter(({ status }) => status === 'ok');
  return (
    <>
      {troubles.length === 0 && (
        <p role="status" className="flex items-center gap-2 font-medium">
          <CheckIcon className="size-5 text-good" />
          All is in order.
        </p>
      )}
      {troubles.length > 0 && <FindingList label="What is not in order" findings={troubles} />}
      {good.length > 0 && (
        <details className="mt-4 border-t border-line pt-3">
          <summary className="text-sm font-medium">{plural(String(good.length), 'check')} in order</summary>
          <div className="mt-3">
            <FindingList label="What is in order" findings={good} />
          </div>
        </details>
      )}
    </>
  );
}

function FindingList({ label, findings }: { label: string; findings: Finding[] }) {
  return (
    <ul aria-label={label} className="-my-2 divide-y divide-line">
      {findings.map((finding, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two servers may have one name, and rows keep nothing
        <FindingRow key={index} finding={finding} />
      ))}
    </ul>
  );
}
