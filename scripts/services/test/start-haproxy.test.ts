import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startHaproxy } from '../src/haproxy/start-haproxy';
import type { HaproxyPlaces, HaproxyService, ServerExit } from '../src/types';
import {
  cleanUp,
  eventually,
  fixture,
  processesIn,
  said,
  startProgram,
  temporaryDirectory,
  toolsDirectory,
  withPath,
} from './support';

describe('startHaproxy', () => {
  let backend: Server;
  let backendPort: number;

  beforeAll(async () => {
    backend = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    backendPort = (backend.address() as { port: number }).port;
  });

  afterAll(() => {
    backend.close();
  });
  afterEach(cleanUp);

  function config({ port, socketPath }: HaproxyPlaces): string {
    return `
global
  stats socket ${socketPath} mode 600 level admin
  log stdout format raw local0
defaults
  mode http
  log global
  option httplog
  timeout connect 1s
  timeout client 5s
  timeout server 5s
listen app
  bind 127.0.0.1:${port}
  server blue 127.0.0.1:${backendPort}`;
  }

  it('hands requests on, does what its socket is told, and ends', async () => {
    const haproxy = await startHaproxy({ toolsDirectory, config });
    const directory = dirname(haproxy.socketPath);
    expect(processesIn(directory)).toContain(haproxy.pid);
    expect(await textOf(haproxy)).toEqual([200, 'hello']);
    await eventually(() => haproxy.logTail().includes('GET / HTTP/1.1'));

    expect(await haproxy.command('set server app/blue state maint')).toBe('');
    expect(await haproxy.command('show servers state app')).toContain(' blue 127.0.0.1 0 1 ');
    expect((await textOf(haproxy))[0]).toBe(503);
    expect(await haproxy.command('no such thing')).toMatch(/^Unknown command/);
    await expect(haproxy.command('show info\nshow stat')).rejects.toMatchObject({ code: 'INVALID_OPTION' });

    await Promise.all([haproxy.close(), haproxy.close()]);
    expect(haproxy.pid).toBeUndefined();
    await eventually(() => processesIn(directory).length === 0);
    await expect(haproxy.command('show info')).rejects.toMatchObject({
      code: 'HAPROXY_FAILED',
      message: expect.stringContaining('ENOENT'),
    });
  });

  it("shows HAProxy's own words about a configuration that is wrong", async () => {
    const refusal = startHaproxy({ toolsDirectory, config: (places) => `${config(places)}\n  balanced\n` });
    await expect(refusal).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/option "config"[\s\S]*haproxy\.cfg:\d+[\s\S]*'balanced'/),
    });
  });

  it('takes another port where its own has been taken meanwhile', async () => {
    const tried: number[] = [];
    const others = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => others.listen(0, '127.0.0.1', resolve));
    const { port: taken } = others.address() as { port: number };
    await using haproxy = await startHaproxy({
      toolsDirectory,
      config: (places) => {
        tried.push(places.port);
        return config(tried.length > 1 ? places : { ...places, port: taken });
      },
    });
    expect(tried).toHaveLength(2);
    expect(haproxy.port).toBe(tried[1]);
    expect(await textOf(haproxy)).toEqual([200, 'hello']);
    others.close();
  });

  it('gives up on a port that stays taken, and on a configuration that never binds the port', async () => {
    const stuck = startHaproxy({
      toolsDirectory,
      config: (places) => config({ ...places, port: backendPort }),
    });
    await expect(stuck).rejects.toMatchObject({
      code: 'HAPROXY_FAILED',
      message: expect.stringMatching(/ended[\s\S]*cannot bind/i),
    });
    const elsewhere = startHaproxy({
      toolsDirectory,
      timeoutMs: 300,
      config: (places) => config({ ...places, port: places.port + 1 }),
    });
    await expect(elsewhere).rejects.toMatchObject({
      code: 'HAPROXY_FAILED',
      message: expect.stringMatching(/nothing listens on 127\.0\.0\.1/),
    });
  });

  it('ends the start where its signal aborts', async () => {
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(startHaproxy({ toolsDirectory, config, signal: aborted })).rejects.toThrow('enough');
  });

  it('says that it ended by itself', async () => {
    const exits: ServerExit[] = [];
    const haproxy = await startHaproxy({ toolsDirectory, config, onExit: (exit) => exits.push(exit) });
    process.kill(Number(haproxy.pid), 'SIGKILL');
    await eventually(() => exits.length > 0);
    await haproxy.close();
    expect(exits).toEqual([{ code: null, signal: 'SIGKILL' }]);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'leaves no process and no directory when its process ends by %s',
    async (signal) => {
      const directory = temporaryDirectory();
      const program = startProgram(fixture('hold-haproxy.mjs'), [toolsDirectory], {
        env: { TMPDIR: directory },
      });
      const pid = Number(/pid (\d+)\./.exec(await said(program, /pid \d+\./))?.[1]);
      expect(processesIn(directory)).toContain(pid);
      program.child.kill(signal);
      await program.exited;
      await eventually(() => processesIn(directory).length === 0);
      expect(readdirSync(directory)).toEqual([]);
    },
  );

  it('says what was tried and what to install where there is none', async () => {
    const refusal = withPath(temporaryDirectory(), () =>
      startHaproxy({ toolsDirectory: temporaryDirectory(), config }),
    );
    await expect(refusal).rejects.toMatchObject({
      code: 'HAPROXY_UNAVAILABLE',
      message: expect.stringMatching(
        /path: no haproxy on PATH\n.*debian: not a Debian[\s\S]*apt: (needs root|not a Debian)[\s\S]*apt install haproxy/,
      ),
    });
  });
});

async function textOf({ port }: HaproxyService): Promise<[number, string]> {
  const response = await fetch(`http://127.0.0.1:${port}/`);
  return [response.status, await response.text()];
}
