import type { RestoreTarget } from '../types';
import { tlsConninfo, tlsSettings } from './server-tls';

/** What differs from server to server. */
export interface ServerConfig {
  /** What the server calls itself, in `cluster_name` and its process titles. */
  readonly name: string;
  readonly port: number;
  readonly durable: boolean;
  /** How a standby reaches the primary; absent on the primary. */
  readonly upstream: { readonly port: number; readonly password: string } | undefined;
  /** Whether TLS 1.3 is the only way to it. */
  readonly tls: boolean;
  /** Where a primary keeps its log, segment by segment. */
  readonly archive?: string | undefined;
  /** How far a backup's log is replayed; then the server is a primary. */
  readonly recovery?: RecoverySettings | undefined;
}

/** A restored server's first start. */
export interface RecoverySettings {
  readonly archive: string;
  readonly target: RestoreTarget | undefined;
}

/** Role that owns everything, and the name of the database. */
export const owner = 'unite';

/**
 * The settings of one server, in a file that `postgresql.conf` includes. `ALTER SYSTEM` still wins over
 * them, since PostgreSQL reads its own file last.
 */
export function serverConfig({
  name,
  port,
  durable,
  upstream,
  tls,
  archive,
  recovery,
}: ServerConfig): string {
  const settings: Record<string, string | number> = {
    port,
    cluster_name: name,
    listen_addresses: '127.0.0.1',
    // A socket path longer than 107 bytes refuses to start, and every client here speaks TCP.
    unix_socket_directories: '',
    fsync: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    // Sixteen megabytes of zeros a segment are most of what an idle cluster writes.
    wal_init_zero: durable ? 'on' : 'off',
    hot_standby: 'on',
    // Enough for a standby that was down for a while to catch up by streaming.
    wal_keep_size: '256MB',
    // A standby that lost its primary asks again at once, not after five seconds.
    wal_retrieve_retry_interval: '100ms',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(upstream && {
      primary_conninfo: [
        `host=127.0.0.1 port=${upstream.port} user=${owner} password=${upstream.password} application_name=${name}`,
        ...(tls ? [tlsConninfo] : []),
      ].join(' '),
    }),
    ...(tls && tlsSettings),
    ...(archive !== undefined && archiveSettings(archive)),
    ...(recovery && recoverySettings(recovery)),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value}'\n`)
    .join('');
}

/** A segment appears whole or not at all, and is never overwritten. */
function archiveSettings(archive: string): Record<string, string> {
  const file = `"${archive}/%f"`;
  return {
    archive_mode: 'on',
    archive_command: `test ! -f ${file} && cp "%p" ${file}.part && mv ${file}.part ${file}`,
  };
}

function recoverySettings({ archive, target }: RecoverySettings): Record<string, string> {
  return {
    restore_command: `cp "${archive}/%f" "%p"`,
    recovery_target_action: 'promote',
    // Nobody gets in before it has been promoted: who came earlier would meet a standby.
    hot_standby: 'off',
    ...(target?.name !== undefined && { recovery_target_name: target.name }),
    ...(target?.time !== undefined && { recovery_target_time: target.time }),
  };
}
