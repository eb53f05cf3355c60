import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { processCommand } from '../src/plain/process-identity.mjs';
import { startPostgres } from '../src/postgres/start-postgres';
import { descendants } from '../src/process/descendants';
import {
  cleanUp,
  eventually,
  fixture,
  processesIn,
  query,
  said,
  startProgram,
  temporaryDirectory,
} from './support';

describe('a directory that is kept', () => {
  let original: string;

  beforeAll(async () => {
    original = mkdtempSync(join(tmpdir(), 'unite-original-'));
    chmodSync(original, 0o755);
    const cluster = await startPostgres({ directory: original, replicas: 1 });
    await query(cluster.primaryUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await cluster.close();
  });

  afterEach(cleanUp);
  afterAll(() => rmSync(original, { recursive: true, force: true }));

  /** A closed cluster with one row in it: a copy, since making one takes seconds. */
  function makeCluster(): string {
    const directory = join(temporaryDirectory(), 'cluster');
    execFileSync('cp', ['-a', original, directory]);
    return directory;
  }

  /** Starts it again and hears what is said. */
  async function startAgain(directory: string, replicas = 1) {
    const messages: string[] = [];
    const cluster = await startPostgres({
      directory,
      replicas,
      onProgress: (message) => messages.push(message),
    });
    const answer = await query(cluster.primaryUrl, 'SELECT answer FROM kept').catch(() => 'gone');
    const standbys = await query(
      cluster.primaryUrl,
      "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'",
    );
    await cluster.close();
    return {
      urls: cluster.nodes.map(({ url }) => url),
      answer,
      standbys: standbys.length,
      messages: messages.join('\n'),
    };
  }

  it('gives the same data at the same URLs, and takes far less time', async () => {
    const directory = makeCluster();
    const first = await startAgain(directory);
    const second = await startAgain(directory);
    expect(first).toMatchObject({
      answer: [{ answer: 42 }],
      standbys: 1,
      messages: 'Starting the PostgreSQL primary…',
    });
    expect(second.urls).toEqual(first.urls);
  });

  it('refuses a second start while the first runs, and names its process', async () => {
    const directory = temporaryDirectory();
    const cluster = await startPostgres({ directory, replicas: 0 });
    const refusal = startPostgres({ directory, replicas: 0 });
    await expect(refusal).rejects.toMatchObject({
      code: 'DIRECTORY_IN_USE',
      message: expect.stringContaining(`process ${process.pid} `),
    });
    expect(await query(cluster.primaryUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await cluster.close();
  });

  it('is whole after a kill -9 of the process that used it, whose servers end too', async () => {
    const directory = makeCluster();
    const program = startProgram(fixture('hold-services.mjs'), [directory]);
    await said(program, /\}\n/);
    program.child.kill('SIGKILL');
    await eventually(() => processesIn(directory).length === 0);
    expect(await startAgain(directory)).toMatchObject({ answer: [{ answer: 42 }], standbys: 1 });
  });

  it('ends servers that lost their process and their guard, and says so', async () => {
    const directory = makeCluster();
    const program = startProgram(fixture('hold-services.mjs'), [directory]);
    await said(program, /\}\n/);
    const guard = descendants(Number(program.child.pid)).filter((pid) =>
      processCommand(pid)?.includes('unite-guard'),
    );
    expect(guard).toHaveLength(1);
    for (const pid of guard) process.kill(pid, 'SIGKILL');
    program.child.kill('SIGKILL');
    await program.exited;
    expect(processesIn(directory).length).toBeGreaterThan(2);

    const again = await startAgain(directory);
    expect(again).toMatchObject({ answer: [{ answer: 42 }], standbys: 1 });
    expect(again.messages).toContain('that an earlier start left running');
  });

  it('leaves a stranger alone who has the id of a server that ended', async () => {
    const directory = makeCluster();
    const stranger = startProgram(fixture('wait.mjs'));
    await said(stranger, 'waiting');
    writeFileSync(
      join(directory, 'primary', 'postmaster.pid'),
      `${stranger.child.pid}\n${directory}/primary\n`,
    );
    expect(await startAgain(directory)).toMatchObject({ answer: [{ answer: 42 }], standbys: 1 });
    expect(stranger.child.exitCode ?? stranger.child.signalCode).toBeNull();
  });

  it('makes a broken standby anew', async () => {
    const directory = makeCluster();
    rmSync(join(directory, 'replica_1', 'global', 'pg_control'));
    const again = await startAgain(directory);
    expect(again).toMatchObject({ answer: [{ answer: 42 }], standbys: 1 });
    expect(again.messages).toContain('Rebuilding replica_1');
  });

  it('makes a standby anew that was promoted and has a history of its own', async () => {
    const directory = makeCluster();
    const cluster = await startPostgres({ directory, replicas: 1 });
    await query(String(cluster.replicaUrls[0]), 'SELECT pg_promote()');
    await query(String(cluster.replicaUrls[0]), 'CREATE TABLE diverged AS SELECT 1');
    await cluster.close();
    expect(await startAgain(directory)).toMatchObject({ answer: [{ answer: 42 }], standbys: 1 });
  });

  it('starts from nothing where the primary cannot recover, and says why', async () => {
    const directory = makeCluster();
    rmSync(join(directory, 'primary', 'global', 'pg_control'));
    const again = await startAgain(directory, 0);
    expect(again).toMatchObject({ answer: 'gone', standbys: 0 });
    expect(again.messages).toMatch(/from nothing: PostgreSQL cannot recover it:[\s\S]*pg_control/);
  });

  it('starts from nothing where the data belongs to another major version, and says so', async () => {
    const directory = makeCluster();
    const file = join(directory, 'cluster.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), major: 17 }));
    const again = await startAgain(directory, 0);
    expect(again.messages).toContain('it belongs to PostgreSQL 17, and this is 18');
    expect(again.answer).toBe('gone');
  });
});
