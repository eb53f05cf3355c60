import type { PgReplicationHopOptions, TlsFault, TlsHopCheck, TlsSight } from '../posture-types';
import { pgTarget } from './pg-target';
import { probe } from './probe';

/** Standbys as the server that sends to them sees them. */
const walSenders = `SELECT r.application_name AS name, s.ssl, s.version, s.cipher
  FROM pg_stat_replication r LEFT JOIN pg_stat_ssl s USING (pid) ORDER BY 1 LIMIT 64`;

interface Sender {
  readonly name: string | null;
  readonly ssl: boolean | null;
  readonly version: string | null;
  readonly cipher: string | null;
}

/**
 * The ways from standbys to the server that they stream from, one hop for each: what `pg_stat_ssl` says of them, and
 * whether the server lets replication in without TLS. None where no standby streams from it, so that each node of a
 * cluster can be asked, whichever is the primary.
 *
 * The role must be allowed to see other connections: `GRANT pg_read_all_stats`, or a `query` of its own.
 *
 * @throws TypeError for options that are none; CryptoError `UNITE_CRYPTO_TLS_WEAK` for a URL that `pgTls` refuses
 * @example
 * pgReplicationHop({ url: env.databaseUrl, ca, Client: pg.Client });
 */
export function pgReplicationHop(options: PgReplicationHopOptions): TlsHopCheck {
  const target = pgTarget('pgReplicationHop', options, true);
  const {
    from = 'standby',
    name = `PostgreSQL ${target.address}, replication`,
    query = walSenders,
  } = options;
  return {
    name,
    from,
    to: target.address,
    look: async (run) => {
      const senders = (await target.ask(query, run.signal)) as readonly Sender[];
      if (senders.length === 0) return [];
      const { expiresAtMs, acceptsTls12, acceptsPlaintext, faults } = await probe(target, run);
      const server = { expiresAtMs, acceptsTls12, acceptsPlaintext };
      return senders.map((sender): TlsSight => {
        const own = faultOf(sender);
        return {
          ...server,
          from: sender.name ?? undefined,
          protocol: sender.version ?? undefined,
          cipher: sender.cipher ?? undefined,
          serverSays: 'pg_stat_replication',
          faults: own ? [...faults, own] : faults,
        };
      });
    },
  };
}

function faultOf({ name, ssl, version }: Sender): TlsFault | undefined {
  if (name === null || ssl === null) {
    return {
      status: 'warned',
      detail: 'this role may not see how the standby is connected',
      remedy: 'GRANT pg_read_all_stats to the role that asks, or give a query of a function that may.',
    };
  }
  if (ssl && version === 'TLSv1.3') return undefined;
  return {
    status: 'failed',
    detail: ssl ? `it streams by ${version}` : 'it streams without TLS',
    remedy:
      'Add sslmode=verify-full, sslrootcert and ssl_min_protocol_version=TLSv1.3 to its primary_conninfo.',
  };
}
