import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import { checkUrl } from '../../verify/check-url';
import type { PgClientLike } from '../../verify/database/database-types';
import { timerMs } from '../../verify/timer-ms';
import type { Drill, DrillRun } from '../drill-types';
import { compareDatabases } from './compare-databases';
import { fingerprintDatabase } from './fingerprint-database';
import type { DatabaseFingerprint, RestoreDrillOptions } from './restore-types';
import { ProgramError, runProgram } from './run-program';

const promise = 'dump restored and equal';
const mostDifferences = 5;

/**
 * A drill that backs a PostgreSQL database up with `pg_dump`, restores it into a new database, and compares the two row
 * by row and definition by definition, as of the moment of the backup, while others go on writing.
 *
 * @throws TypeError for options that are none
 * @example
 * restoreDrill({ source: env.databaseUrl, target: 'postgres://postgres@127.0.0.1:5433/postgres', Client: pg.Client })
 */
export function restoreDrill(options: RestoreDrillOptions): Drill {
  checkRestoreOptions(options);
  const { name = 'restore', source, target, timeoutMs = 600_000 } = options;
  return {
    name,
    about: 'the database is dumped, restored into a new one, and compared',
    targets: [source, target],
    timeoutMs,
    run: (run) => drill(options, run),
  };
}

async function drill(options: RestoreDrillOptions, run: DrillRun): Promise<void> {
  try {
    await backUpAndRestore(options, run);
  } catch (error) {
    if (!(error instanceof ProgramError && error.isUnusable)) throw error;
    const remedy =
      'install the client programs of PostgreSQL, not older than the server, or name them in dumpCommand';
    run.score({ promise, measured: `${error.message}; ${remedy}`, outcome: 'not-measurable' });
  }
}

async function backUpAndRestore(options: RestoreDrillOptions, run: DrillRun): Promise<void> {
  const { source, target, dumpCommand = ['pg_dump'], restoreCommand = ['pg_restore'] } = options;
  const folder = await mkdtemp(join(tmpdir(), 'unite-backup-'));
  run.undo(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'database.dump');

  run.note('backing up');
  const asOfMs = performance.now();
  const client = await connect(options, source, run);
  const before = await fingerprintDatabase(client, {
    onSnapshot: (snapshot) =>
      runProgram(
        dumpCommand,
        ['--format=custom', `--file=${file}`, `--snapshot=${snapshot}`],
        source,
        run.signal,
      ),
  });

  run.note('restoring');
  const restoreBeganMs = performance.now();
  const restoredUrl = await newDatabase(options, target, run);
  await runProgram(restoreCommand, ['--exit-on-error', file], restoredUrl, run.signal);
  const restoredMs = performance.now();

  run.note('comparing');
  const after = await fingerprintDatabase(await connect(options, restoredUrl, run));
  const { size: bytes } = await stat(file);
  score(options, run, before, after, {
    bytes,
    restoreMs: Math.round(restoredMs - restoreBeganMs),
    ageMs: Math.round(restoredMs - asOfMs),
  });
}

function score(
  { maxRestoreMs }: RestoreDrillOptions,
  run: DrillRun,
  before: DatabaseFingerprint,
  after: DatabaseFingerprint,
  { bytes, restoreMs, ageMs }: { bytes: number; restoreMs: number; ageMs: number },
): void {
  const differences = compareDatabases(before, after);
  const tables = Object.values(before.tables);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const shown = [
    ...differences.slice(0, mostDifferences),
    ...(differences.length > mostDifferences ? [`${differences.length - mostDifferences} more`] : []),
  ];
  const figures = { tables: tables.length, rows, bytes, restoreMs, ageMs, differences: differences.length };
  run.score({
    promise,
    measured:
      differences.length > 0
        ? shown.join('; ')
        : `${tables.length} tables with ${rows.toLocaleString('en')} rows, ${(bytes / 1e6).toFixed(1)} MB, restored in ${seconds(restoreMs)}, as of ${seconds(ageMs)} before`,
    // An empty database is always equal.
    outcome: differences.length > 0 || rows === 0 ? 'missed' : 'kept',
    figures,
  });
  if (maxRestoreMs === undefined) return;
  run.score({
    promise: `restored within ${seconds(maxRestoreMs)}`,
    measured: seconds(restoreMs),
    outcome: restoreMs <= maxRestoreMs ? 'kept' : 'missed',
    figures: { restoreMs },
  });
}

/** A database that nobody else has, so that nothing is overwritten. */
async function newDatabase(options: RestoreDrillOptions, target: string, run: DrillRun): Promise<string> {
  const name = `unite_restored_${randomBytes(6).toString('hex')}`;
  const client = await connect(options, target, run);
  run.undo(() => dropDatabase(options, target, name));
  await client.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(target);
  url.pathname = `/${name}`;
  return url.href;
}

/** By a connection of its own: those of the run ended with it. */
async function dropDatabase(options: RestoreDrillOptions, target: string, name: string): Promise<void> {
  const client = newClient(options, target);
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}

async function connect(options: RestoreDrillOptions, url: string, run: DrillRun): Promise<PgClientLike> {
  const client = newClient(options, url);
  await client.connect();
  run.undo(() => client.end());
  // What waits for a table's rows ends with the run.
  run.signal.addEventListener('abort', () => void client.end().catch(() => undefined), { once: true });
  return client;
}

function newClient({ Client }: RestoreDrillOptions, url: string): PgClientLike {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'unite drill',
  });
  // Unheard, a connection that breaks would end the process; the query under way says it too.
  client.on('error', () => undefined);
  return client;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function checkRestoreOptions(options: RestoreDrillOptions): void {
  const { string } = optionChecks;
  const command = expects(
    'a list of a program and its arguments',
    (value) => Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string'),
  );
  checkOptions(
    'restoreDrill',
    options,
    {
      // Checked as URLs below, without showing them.
      source: () => undefined,
      target: () => undefined,
      Client: expects('a constructor such as pg.Client', (value) => typeof value === 'function'),
      dumpCommand: command,
      restoreCommand: command,
      maxRestoreMs: timerMs,
      name: string,
      timeoutMs: timerMs,
    },
    ['Client'],
  );
  for (const url of [options.source, options.target]) {
    checkUrl(
      'restoreDrill',
      url,
      ['postgres:', 'postgresql:'],
      'postgres://user:password@host:port/database for "source" and "target"',
    );
  }
}
