/** Options of every `close()`. */
export interface CloseOptions {
  /** Longest time for an orderly end, in milliseconds; then the server is killed. @default 5_000 */
  readonly timeoutMs?: number | undefined;
}

/** Says what is being done, one short sentence at a time. */
export type OnProgress = (message: string) => void;

/** How a server's process ended. */
export interface ServerExit {
  /** Exit code, or `null` when a signal ended it. */
  readonly code: number | null;
  /** Signal that ended it, or `null`. */
  readonly signal: NodeJS.Signals | null;
}

/** What a node is when the cluster starts. `pg_promote` changes the server, not this label. */
export type PostgresRole = 'primary' | 'replica';

/** One PostgreSQL server of a cluster. */
export interface PostgresNode {
  /** `primary`, `replica_1`, `replica_2`, … Also the standby's `application_name`. */
  readonly name: string;
  readonly role: PostgresRole;
  /** `postgres://…` for the database `unite`, with password. The same after every restart. */
  readonly url: string;
  readonly port: number;
  /** Process id of the postmaster while it runs. */
  readonly pid: number | undefined;
  /**
   * Signals the whole node at once, the postmaster and every process under it, as a failure of a machine
   * would: `SIGKILL` is a power cut, `SIGSTOP` a hang, `SIGCONT` its end.
   *
   * Resolves when the effect is there; for `SIGKILL` when the processes are gone.
   */
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /**
   * Starts a node that ended, on its old port, and waits until it answers a query. Nothing happens when it
   * runs.
   *
   * @throws ServicesError `POSTGRES_FAILED`, with the end of the server's log
   */
  start(): Promise<void>;
  /**
   * Makes it a standby of another node, whatever it was: from a fresh copy of that one's data, and what it had itself is
   * gone. So does a primary come back that another has taken over from.
   *
   * @throws ServicesError `POSTGRES_FAILED`
   */
  follow(primary: PostgresNode): Promise<void>;
  /** The last lines that the server wrote. */
  logTail(): string;
}

/** A PostgreSQL primary with streaming standbys. */
export interface PostgresCluster extends AsyncDisposable {
  /** What a client has to trust, as PEM: `new pg.Pool({ connectionString, ssl: { ca } })`. Absent without TLS. */
  readonly ca: string | undefined;
  readonly primaryUrl: string;
  readonly replicaUrls: readonly string[];
  /** The primary first, then the replicas in order. */
  readonly nodes: readonly [PostgresNode, ...PostgresNode[]];
  readonly directory: string;
  /** Where the primary's log is kept, with `archive`. */
  readonly archiveDirectory: string | undefined;
  /**
   * Copies the running primary, whichever node that is now, into a folder of its own: what `restorePostgres` starts
   * from. Needs `archive`.
   *
   * @throws ServicesError `INVALID_OPTION` without an archive; `POSTGRES_FAILED`
   */
  backup(): Promise<BaseBackup>;
  /** Ends every server; an ephemeral directory is removed. Idempotent; never rejects. */
  close(options?: CloseOptions): Promise<void>;
}

/** A copy of a primary's files, and where its log goes on. */
export interface BaseBackup {
  readonly directory: string;
  readonly archiveDirectory: string;
  readonly bytes: number;
  /** When copying began, in milliseconds since the epoch. */
  readonly takenAtMs: number;
  /** Of the server that was copied: a restored one has the same password. */
  readonly url: string;
  /** What speaks TLS when it is restored, as the one that was copied. */
  readonly tls: ServerCertificates | undefined;
  /** Removes the copy, not the archive. */
  remove(): Promise<void>;
}

/** Where replay ends: at a point of `pg_create_restore_point`, or before what was committed after a time. */
export interface RestoreTarget {
  readonly name?: string | undefined;
  /** As PostgreSQL writes it: `2026-11-26 12:00:00.123456+00`. */
  readonly time?: string | undefined;
}

/** Options of `restorePostgres`. */
export interface RestoreOptions extends Omit<StartOptions, 'directory'> {
  readonly backup: BaseBackup;
  /** @default the end of the archive */
  readonly target?: RestoreTarget | undefined;
}

/** A server that was restored: a primary of its own, which archives nothing. */
export interface RestoredPostgres extends AsyncDisposable {
  readonly url: string;
  readonly ca: string | undefined;
  logTail(): string;
  /** Ends the server and removes its directory. Idempotent; never rejects. */
  close(options?: CloseOptions): Promise<void>;
}

/** What every service's start accepts. */
export interface StartOptions {
  /**
   * Where data is kept from one start to the next. Without it a folder under the system's temporary one
   * is used and removed again.
   */
  readonly directory?: string | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Longest time until a server answers, in milliseconds. @default 120_000 */
  readonly timeoutMs?: number | undefined;
  /** Ends the start: what already runs is ended, and the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A certificate for servers and one for clients, as files, and the authority that signed them. */
export interface Certificates {
  readonly directory: string;
  /** The authority's certificate, as PEM: what a client trusts. */
  readonly ca: string;
  readonly caPath: string;
  /** Of servers. */
  readonly certPath: string;
  /** Readable by its owner alone. */
  readonly keyPath: string;
  readonly clientCertPath: string;
  readonly clientKeyPath: string;
  /** What the servers' certificate is for. */
  readonly hosts: readonly string[];
}

/** What servers need of {@link Certificates} to speak TLS. */
export type ServerCertificates = Pick<Certificates, 'ca' | 'caPath' | 'certPath' | 'keyPath'>;

/** Options of `startPostgres`. */
export interface PostgresOptions extends StartOptions {
  /** Number of streaming standbys. @default 2 */
  readonly replicas?: number | undefined;
  /**
   * Makes the servers wait for the disk (`fsync`, `full_page_writes`). Off by default: the data survives a
   * killed server, but not a power cut.
   *
   * @default false
   */
  readonly durable?: boolean | undefined;
  /**
   * Keeps every segment of the primary's log in `<directory>/archive`, so that a `backup()` can be restored to any
   * moment after it. Nothing is ever removed from there.
   *
   * @default false
   */
  readonly archive?: boolean | undefined;
  /**
   * Makes every connection TLS 1.3, those of the standbys too, which look at the primary's certificate: of
   * `makeCertificates`, in `@unite/services/certificates`. Connections without TLS are refused.
   *
   * @default none: no TLS
   */
  readonly tls?: ServerCertificates | undefined;
  /** Hears of a server that ended although nobody called `kill` or `close`. */
  readonly onExit?: ((node: PostgresNode, exit: ServerExit) => void) | undefined;
}

/** Where a Redis server listens, and which process it is. */
export interface RedisServer {
  /** `redis://…`, or `rediss://…` with TLS, with password. */
  readonly url: string;
  /** Process id while it runs. */
  readonly pid: number | undefined;
}

/** A Redis server. */
export interface RedisService extends RedisServer, AsyncDisposable {
  /** What a client has to trust, as PEM: `createClient({ url, socket: { tls: true, ca } })`. Absent without TLS. */
  readonly ca: string | undefined;
  /** Where it came from. */
  readonly source: 'path' | 'debian' | 'apt' | 'docker';
  /** Signals it, as a failure would: `SIGKILL` ends it, `SIGSTOP` freezes it, `SIGCONT` thaws it. Not Docker's. */
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /**
   * Starts a server that ended, at its old URL and empty, and waits until it answers. Nothing happens when it runs.
   *
   * @throws ServicesError `REDIS_FAILED`, with the end of its log
   */
  start(): Promise<void>;
  /** Ends the server. Idempotent; never rejects. */
  close(options?: CloseOptions): Promise<void>;
}

/** Lines of `redis.conf`: `{ 'maxmemory-policy': 'allkeys-lru' }`. */
export type RedisSettings = Readonly<Record<string, string>>;

/** Options of `startRedis`. */
export interface RedisOptions extends StartOptions {
  /** Where an unpacked Redis is kept for the next start. @default a folder under the temporary one */
  readonly toolsDirectory?: string | undefined;
  /** Which sources are tried, in order. @default ['path', 'debian', 'apt', 'docker'] */
  readonly sources?: readonly RedisService['source'][] | undefined;
  /**
   * Settings that win over the usual ones. With `port` and `requirepass` a server comes back at the URL of
   * one that ended; with `replicaof` and `masterauth` it is another's replica. Not `bind`, `dir`,
   * `daemonize` or `logfile`.
   */
  readonly settings?: RedisSettings | undefined;
  /**
   * Makes every connection TLS 1.3, and the URL `rediss://…`: of `makeCertificates`, in
   * `@unite/services/certificates`. There is no port without TLS, and Docker's Redis will not do.
   *
   * @default none: no TLS
   */
  readonly tls?: ServerCertificates | undefined;
  /** Hears of a server that ended although nobody called `kill` or `close`. */
  readonly onExit?: ((exit: ServerExit) => void) | undefined;
}

/** Options of `startRedisCluster`. `settings` are those of every master, and cannot name a port. */
export interface RedisClusterOptions extends Omit<RedisOptions, 'directory' | 'onExit' | 'tls'> {}

/** A Redis Cluster of three masters. */
export interface RedisCluster extends AsyncDisposable {
  /** `redis://…` of each master, with password, in the order of their slots. */
  readonly urls: readonly string[];
  /** Process ids, in the same order; `undefined` for one that ended. */
  readonly pids: readonly (number | undefined)[];
  /** Ends every server and removes what they wrote. Idempotent; never rejects. */
  close(options?: CloseOptions): Promise<void>;
}

/** Options of `startRedisSentinel`. `settings` are those of the primary and the replica. */
export interface RedisSentinelOptions extends Omit<RedisOptions, 'directory' | 'onExit' | 'tls'> {
  /** Number of Sentinels; a majority of them decides. @default 3 */
  readonly sentinels?: number | undefined;
}

/** Where a Sentinel listens. */
export interface RedisSentinelAddress {
  readonly host: string;
  readonly port: number;
}

/** A Redis primary and its replica, watched by Sentinels. */
export interface RedisSentinelService extends AsyncDisposable {
  readonly sentinels: readonly RedisSentinelAddress[];
  /** What the Sentinels call the primary. */
  readonly name: string;
  /** Of the servers, and of the Sentinels. */
  readonly password: string;
  /** The server that started as the primary; a failover changes the server, not this label. */
  readonly primary: RedisServer;
  /** The server that started as the replica. */
  readonly replica: RedisServer;
  /** Process ids of the Sentinels, in order; `undefined` for one that ended. */
  readonly sentinelPids: readonly (number | undefined)[];
  /** Ends every server and removes what they wrote. Idempotent; never rejects. */
  close(options?: CloseOptions): Promise<void>;
}

/** What an HAProxy's configuration has to name. */
export interface HaproxyPlaces {
  /** Free port of 127.0.0.1 that the front end binds: `bind 127.0.0.1:${port}`. */
  readonly port: number;
  /** Path of the runtime socket: `stats socket ${socketPath} mode 600 level admin`. */
  readonly socketPath: string;
}

/** Options of `startHaproxy`. */
export interface HaproxyOptions
  extends Omit<StartOptions, 'directory'>,
    Pick<RedisOptions, 'toolsDirectory' | 'onExit'> {
  /** The text of `haproxy.cfg`. Asked for again when the port has been taken meanwhile. */
  readonly config: (places: HaproxyPlaces) => string;
  /** Which sources are tried, in order. @default ['path', 'debian', 'apt'] */
  readonly sources?: readonly HaproxyService['source'][] | undefined;
}

/** An HAProxy. */
export interface HaproxyService extends HaproxyPlaces, AsyncDisposable {
  /** Where it came from. */
  readonly source: 'path' | 'debian' | 'apt';
  /** Process id while it runs. */
  readonly pid: number | undefined;
  /**
   * Sends one line to the runtime socket: `show stat`, `set server app/blue weight 10`.
   *
   * @returns what it answered; also a refusal, which HAProxy gives in words alone
   * @throws ServicesError `HAPROXY_FAILED` where nothing answers, `INVALID_OPTION` for more than a line
   */
  command(line: string): Promise<string>;
  /** The last lines that it wrote; its log too, with `log stdout format raw local0`. */
  logTail(): string;
  /** Ends it, and the connections through it. Idempotent; never rejects. */
  close(options?: CloseOptions): Promise<void>;
}

/** Options of `findWrk`. */
export interface WrkOptions
  extends Pick<RedisOptions, 'toolsDirectory'>,
    Pick<StartOptions, 'onProgress' | 'signal'> {}

/** Options of `findNginx`. */
export type NginxOptions = WrkOptions;

/** The load generator `wrk`, to be run. */
export interface WrkProgram {
  readonly command: string;
  /** Libraries that the system lacks, for `LD_LIBRARY_PATH`. */
  readonly libraries?: string | undefined;
}

/** Options of `startServices`. */
export interface ServicesOptions
  extends StartOptions,
    Pick<PostgresOptions, 'replicas' | 'durable'>,
    Pick<RedisOptions, 'toolsDirectory' | 'sources'> {
  /** Where `DATABASE_URL`, `REPLICA_URLS` (comma separated) and `REDIS_URL` are looked up. @default {} */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Makes what is started here speak TLS 1.3 alone, by what `makeCertificates` of `@unite/services/certificates`
   * made. What the environment names is used as it is, and trusted by its `TLS_CA_FILE`.
   *
   * @default none: no TLS
   */
  readonly tls?: Certificates | undefined;
  /** Hears of a server that ended by itself: `postgres primary`, `redis`, … */
  readonly onExit?:
    | ((name: string, exit: ServerExit, restart: (() => Promise<void>) | undefined) => void)
    | undefined;
}

/** The services of one application. */
export interface Services extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly replicaUrls: readonly string[];
  /** Absent where no Redis is to be had; `redisMissing` says why. */
  readonly redisUrl: string | undefined;
  /** Why there is no Redis, and what to install. */
  readonly redisMissing: string | undefined;
  /**
   * `DATABASE_URL`, `REPLICA_URLS` and, when there is one, `REDIS_URL`: to hand to the application. With TLS also
   * `TLS_CA_FILE`, `TLS_CERT_FILE` and `TLS_KEY_FILE`.
   */
  readonly env: Readonly<Record<string, string>>;
  /** The cluster, unless `DATABASE_URL` named one that runs elsewhere. */
  readonly postgres: PostgresCluster | undefined;
  readonly redis: RedisService | undefined;
  /** What servers and clients prove themselves by, with TLS. */
  readonly certificates: Certificates | undefined;
  /** Ends what this call started. Idempotent; never rejects. */
  close(options?: CloseOptions): Promise<void>;
}
