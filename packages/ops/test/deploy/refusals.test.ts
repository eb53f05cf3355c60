import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DeployOptions, deploy, haproxyControl } from '../../src/deploy';
import { identify } from '../../src/deploy/process-id';
import { release, Stage } from './support/stage';

const proxy = { socket: '/nowhere/admin.sock', backend: 'app' };
const start = release('good');

test.each<[Partial<Record<keyof DeployOptions, unknown>>, string]>([
  [{ proxy: undefined }, 'deploy: option "proxy" must be an object, got undefined'],
  [{ releas: 'v1' } as never, 'deploy: unknown option "releas"; known are proxy, slots, scheme, start'],
  [
    { proxy: { socket: '', backend: 'app' } },
    'deploy: proxy: option "socket" must be a non-empty string, got ""',
  ],
  [
    { proxy: { ...proxy, backend: 'a;b' } },
    'deploy: proxy: option "backend" must be a name of letters, digits',
  ],
  [
    { slots: ['blue', 'blue'] },
    'deploy: option "slots" must be two different names of servers, got an array',
  ],
  [{ scheme: 'ftp' }, 'deploy: option "scheme" must be "http" or "https", got "ftp"'],
  [{ start: 'node' }, 'deploy: option "start" must be a function, or { command: [ … ] }, got "node"'],
  [{ start: { command: [] } }, 'deploy: start: option "command" must be a list of words, the program first'],
  [{ release: 'a\nb' }, 'deploy: option "release" must be one line of 1 to 200 letters, got "a\\nb"'],
  [{ watchMs: -1 }, 'deploy: option "watchMs" must be a number of milliseconds from 0 to a day, got -1'],
  [{ signal: {} }, 'deploy: option "signal" must be an AbortSignal, got an object'],
  [
    { readiness: { path: 'ready' } },
    'deploy: readiness: option "path" must be a path such as "/health/ready"',
  ],
  [
    { canary: { percents: [50, 10] } },
    'deploy: canary: option "percents" must be a list of 1 to 20 rising percents',
  ],
  [
    { canary: { percents: [90] } },
    'deploy: canary: option "percents" must be a list of 1 to 20 rising percents',
  ],
  [
    { canary: { minRequests: 0 } },
    'deploy: canary: option "minRequests" must be a whole number from 1 to 1,000,000',
  ],
  [
    { canary: { maxErrorRateRise: 2 } },
    'deploy: canary: option "maxErrorRateRise" must be a number from 0 to 1',
  ],
  [
    { gate: { load: { users: 0 } } },
    'runLoad: option "users" must be a whole number from 1 to 100,000, got 0',
  ],
])('%j is refused', async (options, message) => {
  const given = { proxy, start, ...options } as DeployOptions;
  await expect(deploy(given)).rejects.toThrow(message);
  await expect(deploy(given)).rejects.toBeInstanceOf(TypeError);
});

describe('a socket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unite-socket-'));
  const socket = join(folder, 'fake.sock');
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true });
  });

  async function fake(answer: (socket: Socket) => unknown, place = 0): Promise<number> {
    const server = createServer(answer);
    servers.push(server);
    server.listen(place, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  const refusal = (address: string) =>
    haproxyControl({ socket: address, backend: 'app' })
      .check()
      .then(
        () => undefined,
        (error: Error & { code?: string }) => `${error.code} ${error.message}`,
      );

  test('that is missing, or that nobody listens on', async () => {
    expect(await refusal(socket)).toBe(
      `UNITE_OPS_PROXY_UNUSABLE HAProxy's socket ${socket}: there is none; is HAProxy running, with \`stats socket <path> level admin\`?`,
    );
    expect(await refusal('127.0.0.1:1')).toMatch(/: nobody listens there; is HAProxy running\?$/);
    expect(await refusal('[::1]:1')).toMatch(/nobody listens|EADDRNOTAVAIL/);
    expect(await refusal(folder)).toMatch(/HAProxy's socket .+: /);
  });

  test('of somebody else', async () => {
    const other = await fake((one) => one.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await refusal(`127.0.0.1:${other}`)).toMatch(
      /is not of level admin but answers "SSH-2.0-OpenSSH_9.2"$/,
    );
    const endless = await fake((one) => {
      one.on('error', () => {});
      one.write('x'.repeat(5 * 1024 * 1024));
    });
    expect(await refusal(`127.0.0.1:${endless}`)).toMatch(
      /: it answers more than 4 MB; is it a runtime socket\?$/,
    );
  });

  test('that breaks off', async () => {
    const broken = await fake((one) => one.once('data', () => one.resetAndDestroy()));
    expect(await refusal(`127.0.0.1:${broken}`)).toMatch(/: read ECONNRESET$/);
  });

  test('that is silent', async () => {
    const silent = await fake((one) => one.on('error', () => {}).resume());
    expect(await refusal(`127.0.0.1:${silent}`)).toMatch(/: no answer within 5000 ms$/);
  });
});

describe('nothing is begun', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const refused = (options: Partial<DeployOptions> = {}) =>
    stage.deploy('good', options).then(
      () => undefined,
      (error: Error & { code?: string }) => `${error.code} ${error.message}`,
    );
  const set = (server: string, what: string) => stage.haproxy.command(`set server app/${server} ${what}`);

  test('where neither slot is up', async () => {
    expect(await refused()).toMatch(
      /^UNITE_OPS_DEPLOY_REFUSED neither blue \(DOWN, L4CON.*\) nor green \(DOWN, L4CON.*\) is up: .+\(--initial\)$/,
    );
  });

  test('where the socket is of a lower level, or does not know the backend or a server', async () => {
    const socket = `${stage.haproxy.socketPath}.operator`;
    expect(await refused({ proxy: { ...stage.proxy, socket } })).toMatch(
      /is not of level admin but answers "operator"$/,
    );
    const control = haproxyControl({ socket, backend: 'app' });
    await expect(control.change({ server: 'blue', state: 'maint' })).rejects.toThrow(
      /: it is not of level admin; say/,
    );
    expect(await refused({ proxy: { ...stage.proxy, backend: 'shop' } })).toBe(
      'UNITE_OPS_PROXY_UNUSABLE HAProxy has no backend "shop"',
    );
    expect(await refused({ slots: ['blue', 'red'] })).toBe(
      'UNITE_OPS_PROXY_UNUSABLE the backend has no server "red", but blue, green; see "slots"',
    );
    await expect(haproxyControl(stage.proxy).change({ server: 'red', state: 'maint' })).rejects.toThrow(
      'HAProxy refused "set server app/red state maint": No such server.',
    );
  });

  test('where somebody listens in the free slot', async () => {
    const { host, port } = (await haproxyControl(stage.proxy).servers())[0] ?? { host: '', port: 0 };
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    expect(await refused({ initial: true })).toMatch(
      /^UNITE_OPS_DEPLOY_REFUSED somebody listens on .+ \(blue\), and/,
    );
    server.close();
  });

  test('while another deployment is under way; what one left that was killed is cleared', async () => {
    let first: string | undefined;
    const both = await stage.deploy('good', {
      release: 'v1',
      initial: true,
      onProgress: (text) => {
        if (text.startsWith('start')) void refused().then((said) => (first = said));
      },
    });
    expect(both.outcome).toBe('promoted');
    expect(first).toMatch(
      new RegExp(
        `^UNITE_OPS_DEPLOY_REFUSED another deployment to "app" is under way: process ${process.pid} `,
      ),
    );

    // Killed with a tenth of the users at the canary.
    const green = (await haproxyControl(stage.proxy).servers())[1];
    const left = spawn(process.execPath, [join(__dirname, 'support/release.mjs')], {
      env: { PORT: String(green?.port), HOST: green?.host, RELEASE: 'v0' },
    });
    writeFileSync(
      join(stage.stateDirectory, 'app.json'),
      JSON.stringify({ ...stage.processes(), green: identify(left.pid ?? 0), red: 5, pink: { pid: 0 } }),
    );
    await set('green', 'weight 11');
    await set('green', 'state ready');
    const ended = once(left, 'exit');
    stage.startUsers();
    const next = await stage.deploy('good', { release: 'v2' });
    await ended;
    await stage.stopUsers();
    expect(next).toMatchObject({ outcome: 'promoted', from: 'blue', to: 'green', warnings: [] });
    expect(stage.notes).toContainEqual(
      expect.stringMatching(/^stopping process \d+, which another deployment left/),
    );
    expect(Object.keys(stage.processes())).toEqual(['green']);
  });

  test('when the signal has come before', async () => {
    expect(await refused({ signal: AbortSignal.abort(new Error('too late')), initial: true })).toMatch(
      /too late$/,
    );
  });

  test('where both slots have all users', async () => {
    const { host, port } = (await haproxyControl(stage.proxy).servers())[0] ?? { host: '', port: 0 };
    const other = spawn(process.execPath, [join(__dirname, 'support/release.mjs')], {
      env: { PORT: String(port), HOST: host, RELEASE: 'v0' },
    });
    await set('blue', 'weight 100');
    await set('blue', 'state ready');
    const control = haproxyControl(stage.proxy);
    while ((await control.servers())[0]?.status !== 'UP') await new Promise(setImmediate);
    expect(await refused()).toMatch(
      /^UNITE_OPS_DEPLOY_REFUSED blue and green both take users, with weights of 100 and 100/,
    );
    other.kill('SIGKILL');
    await once(other, 'exit');
  });
});
