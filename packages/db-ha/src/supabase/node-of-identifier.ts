import type { NodeOptions } from '../types';
import type { SupabaseOptions } from './types';

/** Builds the URL of a database from its identifier. */
export function nodeOfIdentifier(identifier: string, index: number, options: SupabaseOptions): NodeOptions {
  const { password, connection = 'direct', poolerHost, user = 'postgres', database = 'postgres' } = options;
  if (!/^[a-z\d]+(-[a-z\d]+)*$/.test(identifier)) {
    throw new TypeError(
      `supabaseNodes: databases[${index}] must be an identifier such as abcdefghijklmnopqrst, or a connection string`,
    );
  }
  if (password === undefined)
    throw new TypeError('supabaseNodes: option "password" is required for identifiers');
  if (connection === 'dedicated' && identifier.includes('-rr-')) {
    throw new TypeError(
      `supabaseNodes: databases[${index}] is a read replica, which has no dedicated pooler that is documented; give the connection string that the dashboard shows`,
    );
  }
  const isShared = connection === 'session' || connection === 'transaction';
  if (isShared && poolerHost === undefined) {
    throw new TypeError(`supabaseNodes: option "poolerHost" is required for connection "${connection}"`);
  }
  const isTransaction = connection === 'transaction' || connection === 'dedicated';
  // The shared pooler is one host for all; the user's name tells it which database is meant.
  const account = encodeURIComponent(isShared ? `${user}.${identifier}` : user);
  const host = isShared ? poolerHost : `db.${identifier}.supabase.co`;
  const port = isTransaction ? 6543 : 5432;
  return {
    name: identifier,
    url: `postgresql://${account}:${encodeURIComponent(password)}@${host}:${port}/${database}`,
    pooler: isTransaction ? 'transaction' : 'none',
  };
}
