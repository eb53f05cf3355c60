import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type PostgresCluster, startPostgres } from '@unite/services';
import { Client } from 'pg';
import { type RestoreDrillOptions, restoreDrill, runDrills } from '../../../src/drill';
import { example } from './support/example';
import { installedPrograms, startInstalledPostgres } from './support/installed-postgres';

describe('with the programs of an installed version', () => {
  const title =
    'a dump is restored and equal while others write; with a change in between it is not (needs pg_dump and a server of its version)';
  const testInstalled = installedPrograms === undefined ? test.skip : test;
  testInstalled(title, async () => {
    const programs = installedPrograms as string;
    const { url, stop } = await startInstalledPostgres(programs);
    try {
      await ask(url, `CREATE ROLE unite_reader; ${example}`);
      const options = { source: url, target: url, dumpCommand: [join(programs, 'pg_dump')] };
      const kept = await scoreOf({
        ...options,
        restoreCommand: [join(programs, 'pg_restore')],
        Client: writingWhile(url, 'pg_dump has its snapshot'),
        maxRestoreMs: 60_000,
      });
      expect(kept).toMatchObject([
        {
          promise: 'dump restored and equal',
          outcome: 'kept',
          measured: expect.stringMatching(
            /^3 tables with 504 rows, \d+\.\d MB, restored in .* s, as of .* s before$/,
          ),
          figures: { tables: 3, rows: 504, differences: 0 },
        },
        { promise: 'restored within 60.0 s', outcome: 'kept' },
      ]);
      const missed = await scoreOf({
        ...options,
        restoreCommand: [join(programs, 'pg_restore'), '--schema-only'],
      });
      expect(missed).toMatchObject([
        {
          outcome: 'missed',
          measured: expect.stringContaining('table sales.deals has 0 rows instead of 500'),
        },
      ]);
      expect(await databasesOf(url)).toEqual(['postgres']);
    } finally {
      stop();
    }
  });
});

describe('with programs that stand in', () => {
  let servers: PostgresCluster;
  let folder = '';
  beforeAll(async () => {
    servers = await startPostgres({ replicas: 0 });
    folder = mkdtempSync(join(tmpdir(), 'unite-stand-in-'));
    await ask(
      servers.primaryUrl,
      "CREATE TABLE things AS SELECT 1 AS id; CREATE TABLE others AS SELECT 'a' AS b",
    );
  });
  afterAll(async () => {
    await servers?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A program in Node that does this with `value('file')`, `value('dbname')` and `last`. */
  const program = (name: string, work: string): readonly string[] => {
    const file = join(folder, `${name}.cjs`);
    writeFileSync(
      file,
      `const args = process.argv.slice(2);
       const value = (name) => args.find((arg) => arg.startsWith('--' + name + '='))?.slice(name.length + 3);
       ${work}`,
    );
    return [process.execPath, file];
  };
  const restores = (sql: string) =>
    program(
      'restore',
      `const { Client } = require(${JSON.stringify(require.resolve('pg'))});
       if (new URL(value('dbname')).password !== '') throw new Error('the password is among the arguments');
       const client = new Client({ connectionString: value('dbname'), password: process.env.PGPASSWORD });
       client.connect().then(() => client.query(${JSON.stringify(sql)})).then(() => client.end());`,
    );
  const dumps = () => program('dump', "require('node:fs').writeFileSync(value('file'), value('snapshot'));");
  const whole = "CREATE TABLE things AS SELECT 1 AS id; CREATE TABLE others AS SELECT 'a' AS b";

  test('an equal one is kept, one that takes too long is not, and nothing is left', async () => {
    const rows = await scoreOf({
      ...urls(),
      dumpCommand: dumps(),
      restoreCommand: restores(whole),
      maxRestoreMs: 0.001,
    });
    expect(rows).toMatchObject([
      { outcome: 'kept' },
      { promise: 'restored within 0.0 s', outcome: 'missed' },
    ]);
    expect(await databasesOf(servers.primaryUrl)).toEqual(['unite']);
  });

  test('differences are named, the first of them', async () => {
    const rows = await scoreOf({ ...urls(), dumpCommand: dumps(), restoreCommand: restores('SELECT 1') });
    expect(rows).toMatchObject([
      {
        outcome: 'missed',
        measured: expect.stringMatching(/^table public\.others is missing; .*; \d+ more$/),
      },
    ]);
  });

  test('without the programs, or with old ones, nothing was measured, and what to install is said', async () => {
    const none = await scoreOf({ ...urls(), dumpCommand: ['/no/pg_dump'] });
    expect(none).toMatchObject([
      {
        outcome: 'not-measurable',
        measured: expect.stringContaining('there is no /no/pg_dump; install the client'),
      },
    ]);
    const old = program(
      'old',
      "console.error('aborting because of server version mismatch'); process.exit(1);",
    );
    expect(await scoreOf({ ...urls(), dumpCommand: old })).toMatchObject([
      { outcome: 'not-measurable', measured: expect.stringContaining('server version mismatch') },
    ]);
  });

  test('a program that fails has missed, and says why', async () => {
    const broken = program('broken', "console.error('disk full'); process.exit(3);");
    const silent = program('silent', 'process.exit(3);');
    expect(await scoreOf({ ...urls(), dumpCommand: broken })).toMatchObject([
      { promise: 'runs to its end', outcome: 'missed', measured: expect.stringContaining('disk full') },
    ]);
    expect(await scoreOf({ ...urls(), dumpCommand: dumps(), restoreCommand: silent })).toMatchObject([
      { measured: expect.stringContaining('ended with 3') },
    ]);
    expect(await scoreOf({ ...urls(), dumpCommand: [folder] })).toMatchObject([{ outcome: 'missed' }]);
  });

  test('an empty database proves nothing', async () => {
    await ask(servers.primaryUrl, 'CREATE DATABASE nothing');
    const source = new URL(servers.primaryUrl);
    source.pathname = '/nothing';
    const rows = await scoreOf({
      source: source.href,
      target: servers.primaryUrl,
      dumpCommand: dumps(),
      restoreCommand: restores('SELECT 1'),
    });
    expect(rows).toMatchObject([{ outcome: 'missed', figures: { differences: 0, rows: 0 } }]);
    await ask(servers.primaryUrl, 'DROP DATABASE nothing');
  });

  test('interrupted, it drops what it made', async () => {
    const interrupted = new AbortController();
    const drill = restoreDrill({
      ...urls(),
      Client,
      dumpCommand: dumps(),
      restoreCommand: program('hang', `console.error('x'); setInterval(() => {}, 1_000);`),
    });
    const card = await runDrills({
      drills: [drill],
      signal: interrupted.signal,
      onProgress: ({ text }) => text === 'restoring' && setImmediate(() => interrupted.abort()),
    });
    expect(card).toMatchObject({ interrupted: true, counts: { missed: 0 } });
    expect(card.stopped).toBeUndefined();
    expect(await databasesOf(servers.primaryUrl)).toEqual(['unite']);
  });

  function urls() {
    return { source: servers.primaryUrl, target: servers.primaryUrl };
  }
});

test.each([
  [
    { source: 'http://127.0.0.1/', target: 'postgres://127.0.0.1/x' },
    'postgres://user:password@host:port/database',
  ],
  [{ source: 'postgres://127.0.0.1/x', target: 'secret' }, 'what it got is not shown'],
  [
    { source: 'postgres://a/x', target: 'postgres://a/x', dumpCommand: [] },
    'option "dumpCommand" must be a list',
  ],
  [{ source: 'postgres://a/x', target: 'postgres://a/x', folder: 'x' }, 'unknown option "folder"'],
])('%j is refused', (options, message) => {
  expect(() => restoreDrill({ Client, ...options } as never)).toThrow(message);
});

async function scoreOf(options: Omit<RestoreDrillOptions, 'Client'> & Partial<RestoreDrillOptions>) {
  const card = await runDrills({ drills: [restoreDrill({ Client, ...options })] });
  expect(card.stopped).toBeUndefined();
  return card.drills[0]?.rows;
}

/** A driver by which a row is written as soon as the snapshot is taken. */
function writingWhile(url: string, note: string) {
  return class extends Client {
    override query(...args: never[]): never {
      const answer = (super.query as (...given: never[]) => Promise<unknown>)(...args);
      if (!String(args[0]).includes('pg_export_snapshot')) return answer as never;
      return answer.then(async (rows) => {
        await ask(url, `INSERT INTO parted VALUES (1, '${note}')`);
        return rows;
      }) as never;
    }
  };
}

async function databasesOf(url: string): Promise<string[]> {
  const rows = await ask(url, 'SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1');
  return rows.map(({ datname }) => String(datname));
}

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
