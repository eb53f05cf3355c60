import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../src/plain/free-port.mjs';
import {
  cleanUp,
  eventually,
  fixture,
  type Program,
  processesIn,
  query,
  said,
  startProgram,
  temporaryDirectory,
} from './support';

describe('npm start, with an app that only answers', () => {
  // One state directory for all: what one test leaves must not hinder the next.
  let state: string;
  const programs: Program[] = [];

  beforeAll(() => {
    state = temporaryDirectory();
  });

  afterEach(async () => {
    for (const { child } of programs.splice(0)) child.kill('SIGKILL');
    await eventually(() => processesIn(state).length === 0);
  });

  afterAll(cleanUp);

  async function start(env: NodeJS.ProcessEnv = {}) {
    const port = await freePort();
    const program = startProgram(fixture('run-start.mjs'), [state], { env: { PORT: String(port), ...env } });
    programs.push(program);
    const output = await said(program, 'Ctrl-C stops everything.');
    return { ...program, url: /ready after .*: (http\S+)/.exec(output)?.[1] ?? '' };
  }

  function expectNothingLeft(): void {
    expect(processesIn(state)).toEqual([]);
    expect(existsSync(join(state, 'start.lock'))).toBe(false);
    expect(readdirSync(join(state, 'services', 'postgres'))).not.toContain('lock');
  }

  it('brings up a database with two replicas for the app, step by step', async () => {
    const { url, output } = await start();
    const settings = await settingsOf(url);
    expect(settings.REPLICA_URLS.split(',')).toHaveLength(2);
    expect(await query(settings.DATABASE_URL, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    for (const step of [
      '[1/4] Starting PostgreSQL',
      '[2/4] Migrating',
      '[3/4] Loading',
      '[4/4] Starting the app',
    ]) {
      expect(output()).toContain(step);
    }
  });

  it('brings all of it up over TLS, vouched for by one authority, and goes back to none', async () => {
    const { child, exited, url, output } = await start({ UNITE_TLS: '1', NODE_EXTRA_CA_CERTS: undefined });
    expect(url).toMatch(/^https:/);
    const caPath = join(state, 'certificates', 'ca.crt');
    expect(output()).toContain(`curl --cacert ${caPath} -i ${url}`);
    const [response] = (await once(get(url, { ca: readFileSync(caPath), agent: false }), 'response')) as [
      IncomingMessage,
    ];
    const settings = JSON.parse(String((await response.toArray())[0]));
    await expect(query(settings.DATABASE_URL, 'SELECT 1')).rejects.toThrow(/no encryption/);
    expect(readFileSync(join(state, 'app.env'), 'utf8')).toContain(`NODE_EXTRA_CA_CERTS="${caPath}"`);
    child.kill('SIGINT');
    await exited;
    const plain = await start({ UNITE_TLS: '' });
    expect(plain.url).toMatch(/^http:/);
    expect(await query((await settingsOf(plain.url)).DATABASE_URL, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('leaves no process and no lock after %s', async (signal, code) => {
    const { child, exited, output } = await start();
    expect(existsSync(join(state, 'start.lock'))).toBe(true);
    child.kill(signal);
    expect(await exited).toEqual({ code, signal: null });
    expect(output()).toContain('nothing is left running');
    expectNothingLeft();
  });

  it('takes Ctrl-C that comes twice at once, as under npm, for one', async () => {
    const { child, exited, output } = await start();
    child.kill('SIGINT');
    await eventually(() => output().includes('Stopping…'));
    child.kill('SIGINT');
    expect(await exited).toEqual({ code: 130, signal: null });
    expect(output()).toContain('nothing is left running');
    expectNothingLeft();
  });

  it('leaves no process and no lock when the app crashes', async () => {
    const { url, exited, output } = await start();
    await fetch(`${url}/crash`).catch(() => {});
    expect(await exited).toEqual({ code: 1, signal: null });
    expect(output()).toContain('The app ended by itself (exit code 7)');
    expectNothingLeft();
  });

  it('stops at once while it is still starting', async () => {
    const program = startProgram(fixture('run-start.mjs'), [state]);
    programs.push(program);
    await said(program, '[1/4]');
    program.child.kill('SIGINT');
    expect((await program.exited).code).toBe(130);
    expectNothingLeft();
  });

  it('ends everything after a kill -9, and the next start recovers and says so', async () => {
    const first = await start();
    first.child.kill('SIGKILL');
    await eventually(() => processesIn(state).length === 0);
    const second = await start();
    expect(second.output()).toContain(`(process ${first.child.pid}) ended without cleaning up`);
  });

  it('refuses a second start beside the first, and names its process', async () => {
    const { child, url } = await start();
    const second = startProgram(fixture('run-start.mjs'), [state]);
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.output()).toContain(`already running from this checkout (process ${child.pid})`);
    expect((await fetch(url)).status).toBe(200);
  });

  it('starts a database server again that ended by itself', async () => {
    const { url, output } = await start();
    const { DATABASE_URL } = await settingsOf(url);
    const pidFile = join(state, 'services', 'postgres', 'primary', 'postmaster.pid');
    process.kill(Number.parseInt(readFileSync(pidFile, 'utf8'), 10), 'SIGKILL');
    await eventually(() =>
      output().includes('PostgreSQL primary ended by itself (SIGKILL); starting it again'),
    );
    await eventually(async () => (await query(DATABASE_URL, 'SELECT 1').catch(() => [])).length === 1);
  });

  it('leaves a server down that a drill has killed, until it is told to start it, and ends with it down', async () => {
    const { child, exited, url, output } = await start();
    const { DATABASE_URL, DRILL_CONTROL_URL, DRILL_CONTROL_TOKEN } = await settingsOf(url);
    const drill = (action: string) =>
      fetch(`${DRILL_CONTROL_URL}/primary/${action}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${DRILL_CONTROL_TOKEN}` },
      });
    expect((await drill('kill')).status).toBe(200);
    await expect(query(DATABASE_URL, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
    expect((await drill('start')).status).toBe(200);
    expect(await query(DATABASE_URL, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await drill('freeze')).status).toBe(200);
    child.kill('SIGINT');
    expect((await exited).code).toBe(130);
    expect(output()).not.toContain('starting it again');
    expectNothingLeft();
  });

  it('takes another port when its own is in use, and says so', async () => {
    const blocker = createServer();
    const port = await new Promise<number>((resolve) => {
      blocker.listen(0, '127.0.0.1', () => resolve((blocker.address() as AddressInfo).port));
    });
    try {
      const { url, output } = await start({ PORT: String(port) });
      expect(output()).toMatch(new RegExp(`Port ${port} is in use; using \\d+\\.`));
      expect(new URL(url).port).not.toBe(String(port));
      expect((await fetch(url)).status).toBe(200);
    } finally {
      blocker.close();
    }
  });

  it('shows the end of the output of a step that fails', async () => {
    const program = startProgram(fixture('run-start.mjs'), [state], { env: { PORT: 'none' } });
    expect((await program.exited).code).toBe(1);
    expect(program.output()).toContain('PORT must be 1 to 65535, got "none"');
    expectNothingLeft();
  });
});

/** The environment in which the app runs. */
async function settingsOf(
  url: string,
): Promise<Record<'DATABASE_URL' | 'REPLICA_URLS' | 'DRILL_CONTROL_URL' | 'DRILL_CONTROL_TOKEN', string>> {
  return (await fetch(url)).json() as ReturnType<typeof settingsOf>;
}
