import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { lockDeploy } from '../../src/deploy/deploy-lock';
import { planDeploy } from '../../src/deploy/plan-deploy';
import { endProcess, identify, isRunning, type ProcessId } from '../../src/deploy/process-id';

const proxy = { socket: '/run/haproxy/admin.sock', backend: 'app' };

test('what is not said has a default', () => {
  const plan = planDeploy({
    proxy,
    start: { command: ['node'] },
    canary: { stepMs: undefined, minRequests: 7 },
  });
  expect(plan).toEqual({
    proxy,
    start: { command: ['node'] },
    slots: ['blue', 'green'],
    scheme: 'http',
    release: plan.deployment,
    deployment: expect.stringMatching(/^[\da-f]{8}$/),
    initial: false,
    readiness: { path: '/health/ready', times: 3, intervalMs: 200, timeoutMs: 60_000 },
    canary: {
      percents: [10, 50],
      stepMs: 5_000,
      minRequests: 7,
      patienceMs: 30_000,
      maxErrorRateRise: 0.01,
      maxClientErrorRateRise: 0.1,
      maxSlowdown: 2,
      minSlowdownMs: 50,
    },
    watchMs: 10_000,
    drainMs: 10_000,
    stopMs: 30_000,
    stateDirectory: resolve('.unite/deploy'),
  });
});

test('a lock is taken by one, given back, and taken over from a process that is gone', () => {
  const directory = mkdtempSync(join(tmpdir(), 'unite-lock-'));
  const first = lockDeploy(proxy, directory);
  expect(() => lockDeploy(proxy, directory)).toThrow(
    /^another deployment to "app" is under way: process \d+/,
  );
  const other = lockDeploy({ ...proxy, socket: '127.0.0.1:9999' }, directory);
  other();
  const [file = ''] = readdirSync(directory);
  first();
  for (const left of ['{"pid":999999999}', 'not JSON']) {
    writeFileSync(join(directory, file), left);
    lockDeploy(proxy, directory)();
  }
  expect(readdirSync(directory)).toEqual([]);
  rmSync(directory, { recursive: true });
  expect(() => lockDeploy(proxy, directory)).toThrow('ENOENT');
});

test('a process is known by its number and its start, where the system tells', () => {
  const self = identify(process.pid) as ProcessId;
  expect(isRunning(self)).toBe(true);
  expect(isRunning({ ...self, startedAt: '1' })).toBe(false);
  expect(identify(999_999_999)).toBeUndefined();
  // This one's group: nothing is told of it.
  expect(identify(0)).toEqual({ pid: 0, startedAt: undefined });
});

/** Its first thread ends, and the other one goes on. */
const threads = `use threads;
  threads->create(sub { sleep 1 while 1 })->detach;
  require POSIX;
  syscall((POSIX::uname())[4] =~ /aarch64/ ? 93 : 60, 0);`;

const hasThreads = spawnSync('perl', ['-Mthreads', '-e', '1']).status === 0;

(hasThreads ? test : test.skip)(
  'a process runs until the last of its threads has ended (needs perl)',
  async () => {
    const child = spawn('perl', ['-e', threads], { stdio: 'inherit' });
    const exited = once(child, 'exit');
    const id = identify(child.pid as number) as ProcessId;
    while (!readFileSync(`/proc/${id.pid}/stat`, 'latin1').includes(') Z ')) await setImmediate();
    expect(isRunning(id)).toBe(true);
    await endProcess(id, 0);
    await exited;
    expect(identify(id.pid)).toBeUndefined();
  },
);
