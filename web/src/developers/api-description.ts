/** As much of an OpenAPI 3.1 document as the page shows. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
};

export type Parameter = { name: string; in: 'path' | 'query'; required: boolean; schema: Schema };

type Content = Record<string, { schema?: Schema }>;

type DescribedOperation = {
  operationId: string;
  summary: string;
  tags: string[];
  'x-right': string;
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
};

export type ApiDescription = {
  info: { version: string; description: string };
  paths: Record<string, Record<string, DescribedOperation>>;
  components: { schemas: Record<string, Schema> };
};

export type Operation = {
  id: string;
  method: string;
  path: string;
  summary: string;
  tag: string;
  right: string;
  parameters: Parameter[];
  body: Schema | null;
  /** The answer when all goes well. */
  answer: { status: string; description: string; schema: Schema | null };
  changesSomething: boolean;
};

/** All operations below their tags, in the order of the document; first what is below /api, of that last what is for operators. */
export function readOperations({ paths }: ApiDescription): Map<string, Operation[]> {
  const byTag = new Map<string, Operation[]>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, described] of Object.entries(methods)) {
      const operation = readOperation(path, method.toUpperCase(), described);
      byTag.set(operation.tag, [...(byTag.get(operation.tag) ?? []), operation]);
    }
  }
  return new Map([...byTag].toSorted(([, a], [, b]) => rankOf(a) - rankOf(b)));
}

function rankOf([first]: Operation[]): number {
  if (!first?.path.startsWith('/api/')) return 2;
  return first.right === 'operator' ? 1 : 0;
}

function readOperation(path: string, method: string, described: DescribedOperation): Operation {
  const [status = '', answer] =
    Object.entries(described.responses).find(([code]) => code !== 'default') ?? [];
  return {
    id: described.operationId,
    method,
    path,
    summary: described.summary,
    tag: described.tags[0] ?? 'others',
    right: described['x-right'],
    parameters: described.parameters ?? [],
    body: schemaIn(described.requestBody?.content),
    answer: { status, description: answer?.description ?? '', schema: schemaIn(answer?.content) },
    changesSomething: method !== 'GET',
  };
}

function schemaIn(content: Content | undefined): Schema | null {
  return Object.values(content ?? {})[0]?.schema ?? null;
}

const REFERENCES = '#/components/schemas/';

export function referenceOf({ $ref }: Schema): string | null {
  return $ref?.startsWith(REFERENCES) ? $ref.slice(REFERENCES.length) : null;
}
