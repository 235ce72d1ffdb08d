import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { fetchJson } from '../api/fetch-json.ts';
import { Loaded } from '../display/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { Shell } from '../page/shell.tsx';
import { type ApiDescription, readOperations } from './api-description.ts';
import { CodeBlock } from './code-block.tsx';
import { OperationItem } from './operation-item.tsx';
import { SchemaItem } from './schema-item.tsx';

/** What the API can do, read from its own description, and tried from here. */
export function DevelopersPage() {
  const { data, error, refetch } = useQuery({
    queryKey: ['openapi'],
    queryFn: ({ signal }) => fetchJson<ApiDescription>('/api/openapi.json', {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Shell titles={['API']}>
      <PageTitle title="API">
        What the pages do, programs can do: with the session of a browser, as this page does it, or with a{' '}
        <Link to="/account" className="font-semibold text-accent hover:underline">
          token of yours
        </Link>
        . The description itself is{' '}
        <a href="/api/openapi.json" className="font-semibold text-accent hover:underline">
          OpenAPI 3.1
        </a>
        .
      </PageTitle>
      <CodeBlock
        label="Example"
        text={`export CLIPDEX_TOKEN=…\ncurl -H "Authorization: Bearer $CLIPDEX_TOKEN" '${window.location.origin}/api/videos?limit=10'`}
      />
      <div className="mt-8">
        <Loaded data={data} error={error} onRetry={refetch} label="Loading the description">
          {(api) => <Reference api={api} />}
        </Loaded>
      </div>
    </Shell>
  );
}

function Reference({ api }: { api: ApiDescription }) {
  const groups = [...readOperations(api)];
  const { schemas } = api.components;
  return (
    <>
      <nav aria-label="Groups" className="mb-8 flex flex-wrap gap-2 text-sm font-medium">
        {[...groups.map(([tag]) => tag), 'schemas'].map((tag) => (
          <a
            key={tag}
            href={`#${tag}`}
            className="rounded-full border border-line bg-surface px-3 py-1 hover:bg-raised"
          >
            {tag}
          </a>
        ))}
      </nav>
      {groups.map(([tag, operations]) => (
        <section key={tag} aria-labelledby={tag} className="mb-8">
          <h2 id={tag} className="mb-2 scroll-mt-18 text-lg font-semibold">
            {tag}
          </h2>
          <ul className="flex flex-col gap-2">
            {operations.map((operation) => (
              <li key={operation.id}>
                <OperationItem operation={operation} schemas={schemas} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      <section aria-labelledby="schemas">
        <h2 id="schemas" className="mb-2 scroll-mt-18 text-lg font-semibold">
          schemas
        </h2>
        <ul className="flex flex-col gap-2">
          {Object.entries(schemas).map(([name, schema]) => (
            <li key={name}>
              <SchemaItem name={name} schema={schema} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
