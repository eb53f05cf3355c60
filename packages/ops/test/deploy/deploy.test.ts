import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { DeployOptions, DeployReport, ReleaseProcess, StartRelease } from '../../src/deploy';
import { formatDeployReport } from '../../src/deploy';
import { release, Stage } from './support/stage';

const stepsOf = ({ steps }: DeployReport) => steps.map(({ name, outcome }) => `${name}: ${outcome}`);

/** A release that is there at once. */
function inThisProcess(listener: RequestListener): StartRelease {
  return async ({ host, port }) => {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    const stop = async () => {
      server.close();
      server.closeAllConnections();
    };
    return { stop, exited: new Promise(() => {}) };
  };
}

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
  await stage.deploy('good', { release: 'v1', initial: true });
});
afterAll(() => stage.close());
afterEach(() => stage.stopUsers());

test('good releases follow each other without a request lost, and each one ends the last', async () => {
  stage.startUsers();
  const second = await stage.deploy('good', { release: 'v2' });
  expect(second).toMatchObject({
    outcome: 'promoted',
    from: 'blue',
    to: 'green',
    serving: 'green',
    warnings: [],
  });
  expect(stepsOf(second)).toEqual([
    'start: done',
    'readiness: done',
    'canary 20 %: done',
    'canary 50 %: done',
    'promote: done',
    'watch: done',
    'retire: done',
  ]);
  expect(second.requests).toMatchObject({
    blue: { requests: expect.any(Number), failed: 0 },
    green: { requests: expect.any(Number), failed: 0 },
  });
  const third = await stage.deploy('good', {
    release: 'v1',
    gate: {
      verify: () => [
        { name: 'one', about: 'it', run: async () => [{ subject: 'x', status: 'passed', detail: 'fine' }] },
      ],
      load: { users: 1, thinkMs: [5, 10], durationMs: 100 },
    },
  });
  expect(third.steps.find(({ name }) => name === 'gate')?.detail).toMatch(
    /^1 findings passed; \d+ requests, 0 errors/,
  );
  expect(third).toMatchObject({ outcome: 'promoted', from: 'green', to: 'blue', reason: undefined });
  await stage.stopUsers();
  expect(stage.lost).toEqual({});
  expect(Object.keys(stage.processes())).toEqual(['blue']);
  expect(formatDeployReport(third)).toMatch(/\n\npromoted: v1 in blue has the users, after \d+\.\d s$/);
});

test('one error among many requests is no reason to go back', async () => {
  stage.startUsers();
  const report = await stage.deploy('one error', { release: 'v2', env: { AFTER: '3' } });
  expect(report).toMatchObject({ outcome: 'promoted', requests: { green: { failed: 1 } } });
  expect(await stage.deploy('good', { release: 'v1' })).toMatchObject({ outcome: 'promoted', to: 'blue' });
});

describe('a release is rolled back', () => {
  async function rolledBack(behaviour: string, options: Parameters<Stage['deploy']>[1] = {}) {
    const report = await stage.deploy(behaviour, { release: 'v2', ...options });
    expect(report).toMatchObject({
      outcome: 'rolled back',
      from: 'blue',
      to: 'green',
      serving: 'blue',
      warnings: [],
    });
    expect(report.detectedAfterMs).toBeLessThanOrEqual(report.rolledBackAfterMs ?? 0);
    expect(report.steps.at(-1)).toMatchObject({ name: 'roll back', outcome: 'done' });
    expect(Object.keys(stage.processes())).toEqual(['blue']);
    expect(await stage.whoAnswers()).toBe('v1');
    return report;
  }

  test('when it crashes at its start, with what it said', async () => {
    stage.startUsers();
    const report = await rolledBack('crash');
    expect(report).toMatchObject({ reason: 'the new release ended by itself (1)', exposedMs: undefined });
    expect(report.output).toContain('no such table: contacts');
    expect(formatDeployReport(report)).toContain('no such table: contacts');
    await stage.stopUsers();
    expect(stage.lost).toEqual({});
  });

  test('when there is no such program', async () => {
    const report = await rolledBack('good', { start: { command: ['no-such-program'] } });
    expect(report.reason).toContain('ENOENT');
  });

  test('when it is never ready', async () => {
    const start = inThisProcess((_, response) => void response.writeHead(503).end());
    const report = await rolledBack('good', { start, readiness: { timeoutMs: 4_000, intervalMs: 20 } });
    expect(report.reason).toMatch(/^the new release was not ready within 4,000 ms: .+: status 503$/);
  });

  test('when it accepts and never answers', async () => {
    const start = inThisProcess(() => {});
    const report = await rolledBack('good', { start, readiness: { timeoutMs: 2_000 } });
    expect(report.reason).toMatch(/^the new release was not ready within 2,000 ms: .+timeout/);
  });

  test('when it answers 500, after five of them and not at the end of the step', async () => {
    stage.startUsers();
    const report = await rolledBack('broken', {
      canary: { percents: [20], stepMs: 60_000, patienceMs: 60_000 },
    });
    expect(report.reason).toMatch(/^(\d+) of \1 requests failed, of the running release 0 of \d+ requests$/);
    expect(report.comparisons).toMatchObject([{ verdict: 'failing', percent: 20 }]);
    expect(report.exposedMs).toBeGreaterThan(0);
    await stage.stopUsers();
    expect(Object.keys(stage.lost)).toEqual(['500']);
  });

  test('when the proxy does not see what says that it is ready', async () => {
    const start = inThisProcess(
      ({ url }, response) => void response.writeHead(url === '/' ? 200 : 503).end(),
    );
    const report = await rolledBack('good', { start, readiness: { path: '/', timeoutMs: 2_000 } });
    expect(report.reason).toMatch(/^the new release is ready, and the proxy does not see it: DOWN, L7STS/);
  });

  test('when the proxy counts it out', async () => {
    stage.startUsers();
    const report = await rolledBack('unwell');
    expect(report.reason).toMatch(/^the proxy counts the new release out: DOWN, L7STS/);
  });

  test('when it has lost its routes', async () => {
    stage.startUsers();
    const report = await rolledBack('lost');
    expect(report.reason).toMatch(/^(\d+) of \1 requests were answered with 4xx/);
  });

  test('when it is slow', async () => {
    stage.startUsers();
    const canary = { percents: [50], stepMs: 300, minRequests: 20, patienceMs: 60_000 };
    const report = await rolledBack('slow', { canary });
    expect(report.reason).toMatch(
      /^answers take \d+ ms \(±\d+\) on average, those of the running release \d+ ms/,
    );
    expect(report.comparisons).toMatchObject([{ verdict: 'slow' }]);
  });

  test('when it answers its health and nothing else', async () => {
    stage.startUsers(12);
    const report = await rolledBack('deaf', { drainMs: 0, stopMs: 100 });
    expect(report.reason).toMatch(/^it answers nobody: \d+ requests are under way/);
  });

  test('when it dies under its first users', async () => {
    stage.startUsers();
    const report = await rolledBack('dies', { env: { AFTER: '10' } });
    expect(report.reason).toBe('the new release ended by itself (3)');
    expect(stepsOf(report)).toContain('canary 20 %: failed');
  });

  test('when it dies after all users have moved: the old one was kept', async () => {
    const isPromoted = () => stage.notes.at(-1)?.startsWith('promote');
    stage.startUsers();
    const report = await rolledBack('good', {
      watchMs: 60_000,
      onProgress: (text) => {
        stage.notes.push(text);
        if (isPromoted()) process.kill(stage.processes().green?.pid ?? 0, 'SIGKILL');
      },
    });
    expect(report.reason).toBe('the new release ended by itself (SIGKILL)');
    expect(stepsOf(report)).toEqual(expect.arrayContaining(['promote: done', 'watch: failed']));
    await stage.stopUsers();
    // The proxy has sent them to the old one by itself.
    expect(stage.lost).toEqual({});
  });

  test('when it fails after all users have moved', async () => {
    stage.startUsers();
    const report = await rolledBack('broken', { watchMs: 60_000, env: { AFTER: '150' } });
    expect(report.comparisons.at(-1)).toMatchObject({ verdict: 'failing' });
  });

  test('when nobody asks it: nobody knows what it would have answered', async () => {
    const canary = { percents: [10], stepMs: 100, patienceMs: 500 };
    const report = await rolledBack('good', { canary });
    expect(report.reason).toMatch(
      /^canary without traffic: within \d+ ms it answered 0 requests, and at least 50 are/,
    );
    expect(report.comparisons).toMatchObject([{ verdict: 'too few requests' }]);
  });

  test('when the deployment is interrupted', async () => {
    const controller = new AbortController();
    stage.startUsers();
    const report = await rolledBack('good', {
      signal: controller.signal,
      onProgress: (text) => text.startsWith('canary 20') && controller.abort(new Error('enough')),
    });
    expect(report).toMatchObject({ reason: 'enough', interrupted: true });
    await stage.stopUsers();
    expect(stage.lost).toEqual({});
  });

  test('and killed where SIGTERM is not enough', async () => {
    await rolledBack('stubborn', { canary: { percents: [10], stepMs: 0, patienceMs: 0 }, stopMs: 100 });
  });

  test('by a gate, before any user was sent to it', async () => {
    const verify: NonNullable<DeployOptions['gate']>['verify'] = (slot) => [
      {
        name: 'contacts',
        about: 'can be read',
        run: async () => [{ subject: slot.name, status: 'failed', detail: 'there are none' }],
      },
    ];
    const proven = await rolledBack('good', { gate: { verify } });
    expect(proven).toMatchObject({ reason: '1 not proven: green: there are none', comparisons: [] });
    const load = { users: 2, thinkMs: [5, 10], durationMs: 200, rampMs: 20 } as const;
    const loaded = await rolledBack('broken', { gate: { load: { ...load, objectives: { errorRate: 0 } } } });
    expect(loaded).toMatchObject({
      reason: expect.stringMatching(/^the load was not kept: /),
      comparisons: [],
    });
  });
});

describe('a release by function', () => {
  const stopped: string[] = [];
  const never = new Promise<never>(() => {});
  const fake = (name: string, more: Partial<ReleaseProcess> = {}): ReleaseProcess => ({
    stop: async () => void stopped.push(name),
    exited: never,
    ...more,
  });

  test('that does not start, or what it says of it, is rolled back', async () => {
    const slow = await stage.deploy('good', { start: () => never, readiness: { timeoutMs: 200 } });
    expect(slow).toMatchObject({
      outcome: 'rolled back',
      reason: 'the new release was not started within 200 ms',
    });
    const refused = await stage.deploy('good', { start: () => Promise.reject(new Error('no room')) });
    expect(refused).toMatchObject({ outcome: 'rolled back', reason: 'no room' });
    const exited = Promise.reject(new Error('lost sight of it'));
    const lost = await stage.deploy('good', { start: async () => fake('lost', { exited }) });
    expect(lost).toMatchObject({ outcome: 'rolled back', reason: 'lost sight of it' });
    const stop = () => Promise.reject(new Error('no'));
    const options = { running: fake('old'), readiness: { timeoutMs: 200 } };
    const left = await stage.deploy('good', { ...options, start: async () => fake('', { stop }) });
    expect(left).toMatchObject({
      reason: expect.stringContaining('ECONNREFUSED'),
      warnings: ['the new release in green has not ended yet'],
    });
    expect(stopped).toEqual(['lost']);
  });

  test('that comes when nobody waits for it any more is stopped', async () => {
    let come = (_: ReleaseProcess): void => {};
    const late = new Promise<ReleaseProcess>((resolve) => {
      come = resolve;
    });
    await stage.deploy('good', { start: () => late, readiness: { timeoutMs: 100 } });
    await new Promise<void>((resolve) => come(fake('late', { stop: async () => resolve() })));
  });

  test('replaces one that nobody knows how to stop, and says so; and is stopped by the next', async () => {
    stage.startUsers();
    stage.forget();
    const start: StartRelease = async ({ host, port }) => {
      const child = spawn(process.execPath, release('good').command.slice(1), {
        env: { HOST: host, PORT: String(port), RELEASE: 'v2' },
      });
      return fake('function', {
        stop: async () => {
          stopped.push('function');
          child.kill();
          await once(child, 'exit');
        },
      });
    };
    let running: ReleaseProcess | undefined;
    const first = await stage.deploy('good', {
      start: async (slot, signal) => {
        running = await start(slot, signal);
        return running;
      },
    });
    expect(first).toMatchObject({
      outcome: 'promoted',
      warnings: ['nobody said how to stop what runs in blue: it runs on, without users'],
    });
    await stage.endForgotten();
    const second = await stage.deploy('good', { release: 'v1', running: running as ReleaseProcess });
    expect(second).toMatchObject({ outcome: 'promoted', to: 'blue', warnings: [] });
    expect(stopped.at(-1)).toBe('function');
  });
});

test('a dry run says what would be done, and does nothing', async () => {
  const report = await stage.deploy('crash', { release: 'v2', dryRun: true });
  expect(report).toMatchObject({ outcome: 'planned', from: 'blue', to: 'green', steps: [] });
  expect(formatDeployReport(report)).toBe('v2 would go to green; blue has the users');
});

test('where the old release is gone in the meantime, users stay with the new one', async () => {
  stage.startUsers();
  const report = await stage.deploy('good', {
    release: 'v2',
    canary: { percents: [50], stepMs: 60_000, patienceMs: 60_000 },
    onProgress: (text) =>
      text.startsWith('readiness') && process.kill(stage.processes().blue?.pid ?? 0, 'SIGKILL'),
  });
  expect(report).toMatchObject({
    outcome: 'failed',
    serving: 'green',
    reason: expect.stringMatching(/^the running release is gone in the meantime: DOWN/),
    warnings: [expect.stringMatching(/^blue cannot take the users back \(DOWN\): they stay at green$/)],
  });
  expect(await stage.whoAnswers()).toBe('v2');
  expect(formatDeployReport(report)).toContain('FAILED: the running release is gone');
});
