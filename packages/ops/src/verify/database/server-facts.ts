import { describeError } from '../../describe-error';
import type { OpenNode } from './open-node';

/** What a server says of itself. */
export interface ServerFacts {
  readonly isReplica: boolean;
  /** `undefined` where the role may not know it. */
  readonly systemId: string | undefined;
  /** When it was started, in microseconds by its own clock: no two servers of one cluster share it. */
  readonly startedAtUs: string;
  /** Which a primary writes; which a replica receives, `undefined` while it does not or the role may not know it. */
  readonly timeline: number | undefined;
  /** Written by a primary; replayed by a replica. */
  readonly lsn: string;
  readonly isReceiving: boolean;
  readonly isPaused: boolean;
  readonly isReadOnly: boolean;
  readonly isSuperuser: boolean;
  readonly role: string;
  readonly isEncrypted: boolean;
  readonly usedConnections: number;
  /** Without those that are kept for superusers. */
  readonly maxConnections: number;
  readonly synchronousStandbys: string;
  /** Its clock before ours, in milliseconds. */
  readonly clockDifferenceMs: number;
}

/**
 * One statement, so that the parts of the answer belong together, also behind a transaction pooler. The timeline of a
 * primary is read from the name of its log file: the control file shows the old one for seconds after a promotion.
 */
const question = `
SELECT pg_is_in_recovery() AS is_replica,
       (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint::text AS started_at_us,
       CASE WHEN pg_is_in_recovery() THEN receiver.received_tli
            ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END AS timeline,
       CASE WHEN pg_is_in_recovery() THEN COALESCE(pg_last_wal_replay_lsn(), '0/0')
            ELSE pg_current_wal_lsn() END::text AS lsn,
       receiver.pid IS NOT NULL AND COALESCE(receiver.status, 'streaming') = 'streaming' AS is_receiving,
       CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() ELSE false END AS is_paused,
       current_setting('default_transaction_read_only') = 'on' AS is_read_only,
       current_setting('is_superuser') = 'on' AS is_superuser,
       current_user::text AS role,
       COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS is_encrypted,
       (SELECT sum(numbackends) FROM pg_stat_database)::int AS used_connections,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         AS max_connections,
       current_setting('synchronous_standby_names') AS synchronous_standbys,
       (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS wall_ms
  FROM (SELECT 1) AS here LEFT JOIN pg_stat_wal_receiver AS receiver ON true`;

interface Answer {
  readonly is_replica: boolean;
  readonly started_at_us: string;
  readonly timeline: number | null;
  readonly lsn: string;
  readonly is_receiving: boolean;
  readonly is_paused: boolean;
  readonly is_read_only: boolean;
  readonly is_superuser: boolean;
  readonly role: string;
  readonly is_encrypted: boolean;
  readonly used_connections: number;
  readonly max_connections: number;
  readonly synchronous_standbys: string;
  readonly wall_ms: number;
}

/** Asks a server who it is, and how it is. */
export async function serverFacts(node: OpenNode): Promise<ServerFacts> {
  const systemId = await askSystemId(node);
  const askedAtMs = Date.now();
  const answer = (await node.ask(question)) as unknown as Answer;
  const halfwayAtMs = (askedAtMs + Date.now()) / 2;
  return {
    isReplica: answer.is_replica,
    systemId,
    startedAtUs: answer.started_at_us,
    timeline: answer.timeline ?? undefined,
    lsn: answer.lsn,
    isReceiving: answer.is_receiving,
    isPaused: answer.is_paused,
    isReadOnly: answer.is_read_only,
    isSuperuser: answer.is_superuser,
    role: answer.role,
    isEncrypted: answer.is_encrypted,
    usedConnections: answer.used_connections,
    maxConnections: answer.max_connections,
    synchronousStandbys: answer.synchronous_standbys,
    clockDifferenceMs: Math.round(answer.wall_ms - halfwayAtMs),
  };
}

/** Apart from the rest, as some hosts let no application's role see it. */
async function askSystemId(node: OpenNode): Promise<string | undefined> {
  try {
    const { system_id } = await node.ask(
      'SELECT system_identifier::text AS system_id FROM pg_control_system()',
    );
    return system_id as string;
  } catch (error) {
    if (describeError(error).code === '42501') return undefined;
    throw error;
  }
}
