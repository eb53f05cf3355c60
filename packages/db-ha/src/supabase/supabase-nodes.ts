import { checkOptions, expects, optionChecks } from '@unite/shared';
import type { NodeOptions } from '../types';
import { nodeOfIdentifier } from './node-of-identifier';
import { nodeOfString } from './node-of-string';
import type { SupabaseOptions } from './types';

/**
 * The nodes of a Supabase project. Whatever is reached on port 6543 is marked as pooled by transaction.
 *
 * The formats are those that Supabase documents (November 2026); what the documentation leaves open, give as
 * the dashboard shows it. Certificates are signed by Supabase's own authority: hand the one that the dashboard
 * offers to `pool.ssl`, or the connections are not encrypted at all.
 *
 * @see https://supabase.com/docs/guides/database/connecting-to-postgres
 * @throws TypeError for an option that is unknown or malformed; never with a password
 * @example
 * const db = createCluster({
 *   nodes: supabaseNodes({
 *     databases: ['abcdefghijklmnopqrst', 'abcdefghijklmnopqrst-rr-us-east-1-kbxyz'],
 *     password: env.databasePassword,
 *   }),
 *   pool: { ssl: { ca: readFileSync('prod-ca-2021.crt', 'utf8') } },
 *   Pool: pg.Pool,
 * });
 */
export function supabaseNodes(options: SupabaseOptions): NodeOptions[] {
  checkOptions('supabaseNodes', options, checks, ['databases']);
  return options.databases.map((database, index) =>
    database.includes('://')
      ? nodeOfString(database, index, options.password)
      : nodeOfIdentifier(database, index, options),
  );
}

const checks = {
  databases: expects(
    'a non-empty array of identifiers or connection strings',
    (value) =>
      Array.isArray(value) && value.length > 0 && value.every((database) => typeof database === 'string'),
  ),
  password: optionChecks.string,
  connection: expects("'direct', 'dedicated', 'session' or 'transaction'", (value) =>
    ['direct', 'dedicated', 'session', 'transaction'].includes(value as string),
  ),
  poolerHost: expects(
    'a host such as aws-0-eu-central-1.pooler.supabase.com',
    (value) => typeof value === 'string' && /^[a-z\d-]+(\.[a-z\d-]+)+$/.test(value),
  ),
  user: optionChecks.string,
  // `pg` does not decode everything that would need encoding here.
  database: expects(
    'a name of letters, digits, underscores and hyphens',
    (value) => typeof value === 'string' && /^[\w-]+$/.test(value),
  ),
};
