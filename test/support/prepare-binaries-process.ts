/** Prepares a folder with the PostgreSQL binaries, as whoever it is run; says what came of it in a line of JSON. */
import { prepareBinaries } from '../../src/db/embedded/binaries.ts';

const [folder = ''] = process.argv.slice(2);
const outcome = await prepareBinaries(folder).then(
  ({ major }) => ({ major }),
  (error: Error) => ({ error: error.message }),
);
process.stdout.write(`${JSON.stringify(outcome)}\n`);
