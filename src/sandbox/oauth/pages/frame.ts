import { type Markup, markup } from './markup.ts';
import { styles } from './styles.ts';

/** What all pages have around them: first of all, that nothing here is real. */
export function frame(title: string, body: Markup): Markup {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Sandbox</title>
<link rel="icon" href="data:,">
<style>${styles}</style>
</head>
<body>
<header class="sandbox"><b>Sandbox.</b> In place of Discord, on your own machine: nobody here is real, and no password is asked for.</header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
}
