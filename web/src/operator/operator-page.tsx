import { NotFoundPage } from '../page/not-found-page.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Shell } from '../page/shell.tsx';
import { useMe } from '../viewer/viewer-query.ts';
import { DoctorSection } from './doctor-section.tsx';
import { FigureSection } from './figure-section.tsx';
import { JobSection } from './job-section.tsx';
import { MetricsSection } from './metrics-section.tsx';

/** How the instance is doing. For whoever does not run it, there is no such page. */
export function OperatorPage() {
  const me = useMe();
  if (me === undefined) return null;
  if (!me.isOperator) return <NotFoundPage />;
  return (
    <Shell titles={['Operator']}>
      <PageTitle title="Operator">
        How this Clipdex is doing, and what it does by itself. Only its operators see this page.
      </PageTitle>
      <DoctorSection />
      <FigureSection />
      <JobSection />
      <MetricsSection />
    </Shell>
  );
}
