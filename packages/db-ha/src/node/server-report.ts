import type { PgClient } from '../driver-types';
import { endOfLastRecord, parseLsn } from '../lsn';

/** What a server says of itself. */
export interface ServerReport {
  readonly systemId: string;
  readonly role: 'primary' | 'replica';
  /**
   * Of a primary, the timeline that it writes. Of a replica, the one that it receives; where its role may not
   * see that, the highest that its control file has reached, which is late by up to a checkpoint.
   */
  readonly timeline: number;
  /** Written by a primary; replayed by a replica. */
  readonly lsn: bigint;
  /** End of the last record of a primary, written or not. */
  readonly insertLsn: bigint | undefined;
  /** Whether a replica's receiver streams; a primary has none. */
  readonly isReceiving: boolean;
  /** Differs after a restart, after which a replica may show an older state than before. */
  readonly startedAt: string;
  readonly backendPid: number;
  readonly serverVersion: number;
  /** `synchronous_commit=off`: a commit is answered before its record is written. */
  readonly commitsAsynchronously: boolean;
  readonly walSegmentBytes: bigint;
}

/**
 * One question for everything, so that the parts of the answer belong together.
 *
 * The timeline of a primary is read from the name of the log file in use: `pg_control_checkpoint()` still
 * shows the old one for seconds after a promotion.
 */
const question = `
SELECT (SELECT system_identifier FROM pg_control_system())::text AS system_id,
       pg_is_in_recovery() AS is_replica,
       CASE WHEN pg_is_in_recovery() THEN COALESCE(pg_last_wal_replay_lsn(), '0/0') ELSE pg_current_wal_lsn() END::text AS lsn,
       CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_insert_lsn() END::text AS insert_lsn,
       CASE WHEN pg_is_in_recovery()
            THEN COALESCE(receiver.received_tli,
                          greatest((SELECT timeline_id FROM pg_control_checkpoint()),
                                   (SELECT min_recovery_end_timeline FROM pg_control_recovery())))
            ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END AS timeline,
       receiver.pid IS NOT NULL AND COALESCE(receiver.status, 'streaming') = 'streaming' AS is_receiving,
       pg_postmaster_start_time()::text AS started_at,
       pg_backend_pid() AS backend_pid,
       current_setting('server_version_num')::int AS server_version,
       current_setting('synchronous_commit') = 'off' AS commits_asynchronously,
       pg_size_bytes(current_setting('wal_segment_size'))::text AS wal_segment_bytes
  FROM (SELECT 1) AS here LEFT JOIN pg_stat_wal_receiver AS receiver ON true`;

interface Answer {
  readonly system_id: string;
  readonly is_replica: boolean;
  readonly lsn: string;
  readonly insert_lsn: string | null;
  readonly timeline: number;
  readonly is_receiving: boolean;
  readonly started_at: string;
  readonly backend_pid: number;
  readonly server_version: number;
  readonly commits_asynchronously: boolean;
  readonly wal_segment_bytes: string;
}

/** Asks a server who it is. `SELECT 1` would pass on a primary that has been demoted. */
export async function askServer(client: PgClient): Promise<ServerReport> {
  const { rows } = await client.query(question);
  const answer = rows[0] as unknown as Answer;
  const insertLsn = parseLsn(answer.insert_lsn ?? '');
  const walSegmentBytes = BigInt(answer.wal_segment_bytes);
  return {
    systemId: answer.system_id,
    role: answer.is_replica ? 'replica' : 'primary',
    timeline: Number(answer.timeline),
    lsn: parseLsn(answer.lsn) ?? 0n,
    insertLsn: insertLsn === undefined ? undefined : endOfLastRecord(insertLsn, walSegmentBytes),
    isReceiving: answer.is_replica && answer.is_receiving,
    startedAt: answer.started_at,
    backendPid: Number(answer.backend_pid),
    serverVersion: Number(answer.server_version),
    commitsAsynchronously: answer.commits_asynchronously,
    walSegmentBytes,
  };
}
