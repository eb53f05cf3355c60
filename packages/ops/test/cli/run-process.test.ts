import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, jest, test } from '@jest/globals';
import { type HostProcess, runProcess } from '../../src/cli/run-process';
import { project } from '../support/project';

/** A process that is none. */
function hostProcess(
  argv: readonly string[],
  files: Readonly<Record<string, string>>,
  stdout: Writable = new PassThrough(),
) {
  const cwd = project(files);
  const exit = jest.fn<(code: number) => void>();
  const stderr = new PassThrough();
  const members = { argv: ['node', 'unite', ...argv], env: {}, stdout, stderr, cwd: () => cwd, exit };
  return Object.assign(
    new EventEmitter() as EventEmitter & { exitCode?: number | undefined },
    members,
  ) satisfies HostProcess;
}

/** All that it printed. */
async function printed(host: { readonly stdout: Writable; readonly stderr: PassThrough }) {
  host.stdout.end();
  host.stderr.end();
  return { stdout: await text(host.stdout as PassThrough), stderr: await text(host.stderr) };
}

const hanging = {
  'unite.config.ts': `export default { commands: [{ name: 'hang', about: 'x', run: ({ note, signal }) => {
    note('hanging');
    return new Promise((resolve) => signal.addEventListener('abort', () => setTimeout(resolve, 400)));
  } }] };`,
};

test('it exits with the code of the command', async () => {
  const host = hostProcess(['--version'], {});
  await runProcess(host);
  expect(host.exit.mock.calls).toEqual([[0]]);
  expect((await printed(host)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('what others print goes to the standard error', async () => {
  const host = hostProcess(['verify', '--list'], {});
  const running = runProcess(host);
  host.stdout.write('noise\n');
  await running;
  const { stdout, stderr } = await printed(host);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^noise\nunite: there is no unite\.config/);
  expect(host.exit.mock.calls).toEqual([[2]]);
});

test('an exception that nobody caught is told, and is not fine', async () => {
  const host = hostProcess(['--version'], {});
  const running = runProcess(host);
  host.emit('uncaughtException', new Error('lost\u001b[2J'));
  await running;
  expect(host.exit.mock.calls).toEqual([[1]]);
  expect((await printed(host)).stderr).toBe('unite: lost\\u001b[2J\n');
});

const verifying = {
  'unite.config.ts': `export default { verify: [{ name: 'good', about: 'begins', run: async () =>
    [{ subject: 'it', status: 'passed', detail: 'works' }] }] };`,
};

test('an exception that nobody caught is in the answer, and others have room there', async () => {
  const host = hostProcess(['verify', '--json'], verifying);
  const running = runProcess(host);
  for (const n of Array(30).keys()) host.emit('uncaughtException', new Error(`lost ${n}`));
  await running;
  expect(host.exit.mock.calls).toEqual([[1]]);
  const { stdout, stderr } = await printed(host);
  const { uncaught, ...answer } = JSON.parse(stdout);
  expect(answer).toMatchObject({ passed: false, counts: { passed: 1, failed: 0 } });
  expect(uncaught).toHaveLength(20);
  expect(uncaught[0]).toEqual({ message: 'lost 0' });
  expect(stderr).toContain('lost 29');
});

test('a load beside which something was lost is not kept', async () => {
  const server = createServer((_, response) => void response.end('ok'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const short = ['--users', '2', '--think', '20ms-30ms', '--duration', '200ms', '--ramp', '20ms'];
  const host = hostProcess(['load', target, ...short, '--json'], {});
  const running = runProcess(host);
  host.emit('uncaughtException', new Error('lost'));
  await running;
  server.closeAllConnections();
  server.close();
  expect(host.exit.mock.calls).toEqual([[1]]);
  const { stdout } = await printed(host);
  expect(JSON.parse(stdout)).toMatchObject({ kept: false, uncaught: [{ message: 'lost' }] });
});

test('an exception after the answer is told, and the exit code is as the answer says', async () => {
  const late = new PassThrough();
  const host = hostProcess(['verify', '--json'], verifying, late);
  const write = late.write.bind(late) as (text: string, done?: () => void) => boolean;
  // When the answer is written and not yet flushed.
  late.write = ((text: string, done?: () => void) => {
    if (text === '') host.emit('uncaughtException', new Error('late'));
    return write(text, done);
  }) as typeof late.write;
  await runProcess(host);
  expect(host.exit.mock.calls).toEqual([[0]]);
  const { stdout, stderr } = await printed(host);
  expect(JSON.parse(stdout)).toMatchObject({ passed: true, uncaught: [] });
  expect(stderr).toContain('unite: late\n');
});

test.each([0, 3])('an end with %d before the answer is in the answer', async (code) => {
  const host = hostProcess(['verify', '--json'], {});
  const running = runProcess(host);
  host.emit('exit', code);
  const answer = (host.stdout as PassThrough).read();
  expect(JSON.parse(String(answer))).toEqual({
    error: { message: 'the process was ended before the command was done' },
  });
  expect(host.exitCode).toBe(code === 0 ? 1 : undefined);
  await running;
});

test('a command that waits for nothing has failed', async () => {
  const files = {
    'unite.config.ts': `export default { commands: [{ name: 'stuck', about: 'x', run: ({ note }) => { note('begun'); return new Promise(() => {}); } }] };`,
  };
  const host = hostProcess(['stuck'], files);
  const running = runProcess(host);
  await once(host.stderr, 'readable');
  host.emit('beforeExit');
  await running;
  expect(host.exit.mock.calls).toEqual([[1]]);
  expect((await printed(host)).stderr).toContain('nothing that it waits for');
}, 9_000);

test('an end that comes before the command is done is not fine', async () => {
  const host = hostProcess(['--version'], {});
  const running = runProcess(host);
  host.emit('exit', 0);
  expect(host.exitCode).toBe(1);
  await running;
  host.exitCode = undefined;
  host.emit('exit', 0);
  expect(host.exitCode).toBeUndefined();
  expect((await printed(host)).stderr).toBe('unite: the process was ended before the command was done\n');
});

describe('signals', () => {
  test('the first asks, its echo is none, the second ends at once', async () => {
    const host = hostProcess(['hang'], hanging);
    const running = runProcess(host);
    await once(host.stderr, 'readable');
    host.emit('SIGINT');
    host.emit('SIGINT');
    const askedAtMs = performance.now();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(askedAtMs + 900);
    host.emit('SIGTERM');
    expect(host.exit).not.toHaveBeenCalled();
    clock.mockReturnValue(askedAtMs + 1_100);
    host.emit('SIGTERM');
    clock.mockRestore();
    expect(host.exit.mock.calls).toEqual([[143]]);
    await running;
    expect(host.exit.mock.calls).toEqual([[143], [130]]);
  });
});

describe('an output that takes nothing', () => {
  function failing(code: string): Writable {
    return new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error(`write ${code}`), { code })),
    });
  }

  test('is forgiven where nobody reads it', async () => {
    const host = hostProcess(['--version'], {}, failing('EPIPE'));
    await runProcess(host);
    expect(host.exit.mock.calls).toEqual([[0]]);
    // Nor does a lost terminal end it.
    host.stderr.emit('error', new Error('EIO'));
  });

  test('is a failure where the disk is full', async () => {
    const host = hostProcess(['--version'], {}, failing('ENOSPC'));
    await runProcess(host);
    expect(host.exit.mock.calls).toEqual([[1]]);
  });
});
