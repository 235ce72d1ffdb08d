import { Link } from '@tanstack/react-router';
import { CodeBlock } from '../developers/code-block.tsx';
import { Section } from '../page/section.tsx';

/** Where Prometheus finds the same and more. */
export function MetricsSection() {
  return (
    <Section
      title="Metrics"
      intro={
        <>
          <a href="/metrics" className="font-semibold text-accent hover:underline">
            /metrics
          </a>{' '}
          has these figures and more, in the form that Prometheus reads. It comes in with an API token of
          yours that may only read:{' '}
          <Link to="/account" className="font-semibold text-accent hover:underline">
            make one
          </Link>{' '}
          and put it in place of the dots.
        </>
      }
    >
      <CodeBlock label="Configuration of Prometheus" text={scrapeConfig(window.location)} />
    </Section>
  );
}

function scrapeConfig({ protocol, host }: { protocol: string; host: string }): string {
  return [
    'scrape_configs:',
    '  - job_name: clipdex',
    `    scheme: ${protocol.replace(':', '')}`,
    '    authorization:',
    '      credentials: clipdex_…',
    '    static_configs:',
    `      - targets: ['${host}']`,
  ].join('\n');
}
