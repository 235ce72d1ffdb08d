#!/usr/bin/env node
import { existsSync } from 'node:fs';

// npx makes its link once, the first time it is asked, and only to a file that is there: so not to what a build makes.
const program = new URL('../dist/server/main.js', import.meta.url);

if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write(
    'Clipdex is not built yet: run "npm run build" in its clone. "npm start" builds as well.\n',
  );
  process.exitCode = 1;
}
