import type { PgHopOptions, TlsFault, TlsHopCheck, TlsSight } from '../posture-types';
import { pgTarget } from './pg-target';
import { probe } from './probe';
import { whyOf } from './why-of';

/** What the server says of the very connection that asks. */
const ownBackend = 'SELECT ssl, version, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()';

/**
 * The way from the application to a PostgreSQL server: the handshake as it is seen from here, and what the server says
 * in `pg_stat_ssl`.
 *
 * @throws TypeError for options that are none; CryptoError `UNITE_CRYPTO_TLS_WEAK` for a URL that `pgTls` refuses
 * @example
 * pgHop({ url: env.databaseUrl, ca, Client: pg.Client });
 */
export function pgHop(options: PgHopOptions): TlsHopCheck {
  const target = pgTarget('pgHop', options, false);
  const { from = 'app', name = `PostgreSQL ${target.address}` } = options;
  return {
    name,
    from,
    to: target.address,
    look: async (run) => {
      const [seen, said] = await Promise.all([
        probe(target, run),
        target.ask(ownBackend, run.signal).then(judge, unheard),
      ]);
      // What made the handshake fail makes this one fail too.
      return [
        seen.protocol === undefined ? seen : { ...seen, ...said, faults: [...seen.faults, ...said.faults] },
      ];
    },
  };
}

type Said = Pick<TlsSight, 'serverSays' | 'faults'>;

function judge(rows: readonly unknown[]): Said {
  const { ssl, version, cipher } = (rows[0] ?? {}) as { ssl?: unknown; version?: unknown; cipher?: unknown };
  if (ssl === true && version === 'TLSv1.3') {
    return { serverSays: `pg_stat_ssl: ${version}, ${String(cipher)}`, faults: [] };
  }
  const detail = `PostgreSQL says ${ssl === true ? String(version) : 'no TLS'} of this connection: somebody in between ends it`;
  return {
    faults: [{ status: 'failed', detail, remedy: 'Let TLS reach from the application to the server.' }],
  };
}

function unheard(error: unknown): Said {
  const fault: TlsFault = {
    status: 'failed',
    detail: `PostgreSQL could not be asked: ${whyOf(error)}`,
    remedy: 'Look at the user and the password in the URL, and at pg_hba.conf.',
  };
  return { faults: [fault] };
}
