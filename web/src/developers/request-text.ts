import type { Operation } from './api-description.ts';

export type Inputs = { values: Readonly<Record<string, string>>; body: string };

/** The path with what was typed in; what is empty in the query is left out, in the path its name stays. */
export function requestPath({ path, parameters }: Operation, { values }: Inputs): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]?.trim();
    return value ? encodeURIComponent(value) : whole;
  });
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && values[parameter.name]?.trim())
    .map(({ name }) => [name, values[name]?.trim() ?? '']);
  return query.length === 0 ? filled : `${filled}?${new URLSearchParams(query)}`;
}

export function isComplete({ parameters }: Operation, { values }: Inputs): boolean {
  return parameters.every(({ required, name }) => !required || values[name]?.trim());
}

/** The same from a shell, with a token in place of the session. */
export function curlText(operation: Operation, inputs: Inputs, origin: string): string {
  const { method, right, body } = operation;
  const parts = [
    method === 'GET' ? 'curl' : `curl -X ${method}`,
    ...(right === 'anyone' ? [] : ['-H "Authorization: Bearer $CLIPDEX_TOKEN"']),
    ...(body ? ["-H 'Content-Type: application/json'", `-d ${quoted(compact(inputs.body))}`] : []),
    quoted(`${origin}${requestPath(operation, inputs)}`),
  ];
  return parts.join(' \\\n  ');
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function compact(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json; // not finished yet
  }
}
