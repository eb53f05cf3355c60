import { EventEmitter } from 'node:events';

/**
 * The part of `pg.Pool` that a cluster uses, over servers in memory that answer at once: what is left is the cluster's
 * own work. The first host is the primary, all others are replicas.
 *
 * @param {string} primary host of it
 */
export function fakePools(primary) {
  return class FakePool extends EventEmitter {
    #isReplica;
    #idle = [];
    totalCount = 0;
    waitingCount = 0;

    constructor({ connectionString }) {
      super();
      this.#isReplica = new URL(connectionString).hostname !== primary;
    }

    get idleCount() {
      return this.#idle.length;
    }

    connect(callback) {
      queueMicrotask(() => callback(undefined, this.#lend()));
    }

    async end() {}

    #lend() {
      const client = this.#idle.pop() ?? this.#make();
      client.release = () => this.#idle.push(client);
      return client;
    }

    #make() {
      this.totalCount += 1;
      const identity = { ...identityOf(this.#isReplica), backend_pid: this.totalCount };
      const answer = (query) => ({
        rows: String(query.text ?? query).includes('pg_control_system') ? [identity] : [{ value: 1 }],
        rowCount: 1,
        command: 'SELECT',
      });
      return Object.assign(new EventEmitter(), {
        /** With a callback or without, as the driver's. */
        query: (query, ...rest) => {
          const callback = rest.at(-1);
          if (typeof callback !== 'function') return Promise.resolve(answer(query));
          queueMicrotask(() => callback(null, answer(query)));
          return undefined;
        },
        getTransactionStatus: () => 'I',
      });
    }
  };
}

function identityOf(isReplica) {
  return {
    system_id: '7000000000000000001',
    is_replica: isReplica,
    lsn: '0/3000000',
    insert_lsn: isReplica ? null : '0/3000000',
    timeline: 1,
    is_receiving: isReplica,
    started_at: '2026-01-01 00:00:00+00',
    server_version: 180_000,
    commits_asynchronously: false,
    wal_segment_bytes: '16777216',
  };
}
