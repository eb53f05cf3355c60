import { join } from 'node:path';
import type { Etcd } from './start-etcd';

/** Passwords of one cluster's roles. */
export interface Passwords {
  readonly postgres: string;
  readonly replicator: string;
  readonly rewinder: string;
  readonly app: string;
}

/** What one member's configuration depends on. */
export interface MemberConfig {
  readonly name: string;
  readonly directory: string;
  readonly port: number;
  readonly restPort: number;
  readonly postgresBin: string;
  readonly etcd: Etcd;
  readonly passwords: Passwords;
  readonly synchronous: boolean;
}

/** In seconds; what is lower, Patroni 4 raises to it. */
export const lowestTtlOfPatroni4 = 20;

/**
 * How fast Patroni is told to notice, in seconds. Its own defaults are 30, 10 and 10, and it wants
 * `loop_wait + 2 * retry_timeout <= ttl`.
 */
export const timing = { ttl: 7, loop_wait: 1, retry_timeout: 3 } as const;

/** Configuration of one member. Written as JSON, which is YAML too. */
export function patroniConfig(member: MemberConfig): string {
  const { name, directory, port, restPort, postgresBin, etcd, passwords, synchronous } = member;
  return JSON.stringify({
    scope: 'suite',
    name,
    restapi: { listen: `127.0.0.1:${restPort}`, connect_address: `127.0.0.1:${restPort}` },
    etcd3: { hosts: [etcd.host] },
    bootstrap: {
      dcs: {
        ...timing,
        synchronous_mode: synchronous,
        maximum_lag_on_failover: 1_048_576,
        postgresql: { use_pg_rewind: true, use_slots: true, parameters },
      },
      initdb: [{ encoding: 'UTF8' }, { locale: 'C' }, 'data-checksums', 'no-sync'],
    },
    postgresql: {
      listen: `127.0.0.1:${port}`,
      connect_address: `127.0.0.1:${port}`,
      data_dir: join(directory, 'data'),
      bin_dir: postgresBin,
      // Under load, a copy would wait for minutes until a checkpoint has been spread over them.
      basebackup: [{ checkpoint: 'fast' }],
      pgpass: join(directory, 'pgpass'),
      authentication: {
        superuser: { username: 'postgres', password: passwords.postgres },
        replication: { username: 'replicator', password: passwords.replicator },
        rewind: { username: 'rewinder', password: passwords.rewinder },
      },
      pg_hba: [
        'host replication replicator 127.0.0.1/32 scram-sha-256',
        'host all all 127.0.0.1/32 scram-sha-256',
      ],
    },
  });
}

const parameters = {
  max_connections: 100,
  shared_buffers: '32MB',
  password_encryption: 'scram-sha-256',
  // Every client speaks TCP, and a socket's path longer than 107 bytes refuses to start.
  unix_socket_directories: '',
  // Killed processes lose nothing that the kernel has; only a dead machine would.
  fsync: false,
  wal_keep_size: '128MB',
  wal_retrieve_retry_interval: '200ms',
  log_checkpoints: false,
};
