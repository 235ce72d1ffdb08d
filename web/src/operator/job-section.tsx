import { Loaded } from '../display/loaded.tsx';
import { Section } from '../page/section.tsx';
import { JobRow } from './job-row.tsx';
import { useFigures, useScheduledJobs } from './operator-queries.ts';

/** What runs by itself. */
export function JobSection() {
  const { data, error, refetch } = useScheduledJobs();
  const { data: figures } = useFigures();
  const isWithoutWorker = figures?.workers === 0;
  return (
    <Section
      title="Scheduled jobs"
      intro={
        isWithoutWorker
          ? 'What Clipdex does by itself. No worker is running: what you ask for waits until one does.'
          : 'What Clipdex does by itself. Each can be done now as well; doing it twice does no harm.'
      }
    >
      <Loaded data={data} error={error} onRetry={refetch} label="Loading the scheduled jobs">
        {(jobs) => (
          <ul aria-label="Scheduled jobs" className="-my-2 divide-y divide-line">
            {jobs.map((job) => (
              <JobRow key={job.name} job={job} />
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}
