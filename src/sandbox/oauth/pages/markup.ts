/** HTML that may be put on a page as it is. */
export type Markup = { readonly text: string };

type Value = string | number | Markup | readonly Markup[] | false | undefined;

/** A template whose values are texts, and are escaped, unless they are markup themselves. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const text = strings.reduce((before, part, index) => before + written(values[index - 1]) + part);
  return { text };
}

function written(value: Value): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  return 'text' in value ? value.text : value.map(({ text }) => text).join('');
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
