import { ClipdexError } from '../../lib/errors.ts';

/** The embedded server cannot run here: says why, and how to go on with a server of one's own. */
export function embeddedUnavailable(reason: string, options?: ErrorOptions): ClipdexError {
  return new ClipdexError(
    'embedded_postgres_unavailable',
    `The embedded PostgreSQL cannot run here: ${reason} ` +
      'Or use a PostgreSQL server (15 or newer) of your own: create a database there and set DATABASE_URL, ' +
      'for example DATABASE_URL=postgres://clipdex:password@localhost:5432/clipdex',
    options,
  );
}
