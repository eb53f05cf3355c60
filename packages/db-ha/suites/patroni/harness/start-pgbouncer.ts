import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { debianPrograms } from './debian-programs';
import { freePort } from './free-port';
import { startServer, tailOf } from './processes';
import { waitUntil } from './wait-until';
import { openWorkplace } from './workplace';

/** Options of {@link startPgbouncer}. */
export interface PgbouncerOptions {
  /** The server behind it, with the role that clients use. */
  readonly url: string;
  /** @default 'transaction' */
  readonly poolMode?: 'session' | 'transaction';
}

/** A running PgBouncer. */
export interface Pgbouncer {
  /** As the target's, with PgBouncer's port. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a PgBouncer before one server. Apart from the retry after a failed login, it keeps its defaults. */
export async function startPgbouncer({
  url,
  poolMode = 'transaction',
}: PgbouncerOptions): Promise<Pgbouncer> {
  const programs = await debianPrograms();
  const workplace = openWorkplace();
  const directory = workplace.folder('pgbouncer');
  const target = new URL(url);
  const port = await freePort();
  const write = (name: string, text: string): string => {
    const file = join(directory, name);
    writeFileSync(file, text, { mode: 0o600 });
    if (workplace.identity) chownSync(file, workplace.identity.uid, workplace.identity.gid);
    return file;
  };
  const users = write('users.txt', `"${target.username}" "${target.password}"\n`);
  const config = write(
    'pgbouncer.ini',
    `[databases]
* = host=${target.hostname} port=${target.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = ${poolMode}
default_pool_size = 30
max_client_conn = 500
; A server that was down is tried again after this many seconds. The default is 15.
server_login_retry = 1
`,
  );
  const logFile = join(directory, 'pgbouncer.log');
  startServer({
    command: programs.pgbouncer,
    args: [config],
    cwd: directory,
    env: programs.env,
    identity: workplace.identity,
    logFile,
  });
  const ours = new URL(url);
  ours.port = String(port);
  const bouncer: Pgbouncer = { url: ours.href, close: () => workplace.close() };
  try {
    await waitUntil(() => answers(bouncer.url), {
      what: 'PgBouncer answers',
      timeoutMs: 20_000,
      explain: () => tailOf(logFile),
    });
    return bouncer;
  } catch (error) {
    await bouncer.close();
    throw error;
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end();
  }
}
