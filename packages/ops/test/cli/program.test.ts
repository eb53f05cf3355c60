import { describe, expect, test } from '@jest/globals';
import { builtProgram } from '../support/program';
import { project } from '../support/project';

const { start } = builtProgram();

function run(argv: readonly string[], files: Readonly<Record<string, string>>) {
  return start(argv, project(files)).ended;
}

const good =
  "{ name: 'good', about: 'is fine', run: async () => [{ subject: 'it', status: 'passed', detail: 'works' }] }";

test.each([
  [
    'unite.config.ts',
    `type Name = string; const name: Name = 'x'; export default async () => ({ verify: [${good}] });`,
  ],
  ['unite.config.mjs', `export default { verify: [await Promise.resolve(${good})] };`],
  ['unite.config.cjs', `module.exports = { verify: [${good}] };`],
])('it runs with %s', async (name, content) => {
  const { exitCode, stdout } = await run(['verify'], { [name]: content });
  expect(stdout).toContain('1 passed, 0 warned, 0 failed, 0 skipped');
  expect(exitCode).toBe(0);
});

test('it says which file imports what is missing', async () => {
  const { exitCode, stderr } = await run(['verify'], {
    'unite.config.ts': "import './lib'; export default {};",
    'lib.ts': "import 'gone-gone';",
  });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(
    /^unite: unite\.config\.ts: Cannot find module 'gone-gone', which \/.+\/lib\.ts imports \(.+\)\n$/,
  );
});

test('it ends although something is open, and prints one document whatever else prints', async () => {
  const { exitCode, stdout, stderr } = await run(['verify', '--json'], {
    'unite.config.ts': `
      import { createServer } from 'node:net';
      createServer().listen(0, '127.0.0.1');
      setInterval(() => {}, 1_000);
      console.log('noise of the configuration');
      process.stdout.write('more of it\\n');
      export default { verify: [${good}, { name: 'loud', about: 'prints', run: async () => { console.info('noise'); return []; } }] };`,
  });
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ counts: { passed: 1, failed: 1 } });
  expect(stderr).toMatch(/noise of the configuration\nmore of it\n(.+\n)*noise\n/);
});

test('a command that waits for nothing is not taken for one that is done', async () => {
  const { exitCode, stdout, stderr } = await run(['stuck', '--json'], {
    'unite.config.ts': `export default { commands: [{ name: 'stuck', about: 'x', run: () => new Promise(() => {}) }] };`,
  });
  const message = 'it has not ended, and there is nothing that it waits for';
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: `unite: ${message}\n` });
  expect(JSON.parse(stdout)).toEqual({ error: { message } });
});

test('what nobody waits for does not end it, and is not fine either', async () => {
  const { exitCode, stdout, stderr } = await run(['verify'], {
    'unite.config.ts': `
      import { EventEmitter } from 'node:events';
      const careless = { name: 'careless', about: 'x', run: async () => {
        setImmediate(() => new EventEmitter().emit('error', new Error('lost connection')));
        Promise.reject(new Error('lost promise'));
        await new Promise((resolve) => setTimeout(resolve, 50));
        return [{ subject: 'it', status: 'passed', detail: 'works' }];
      } };
      export default { verify: [careless, ${good}] };`,
  });
  expect(stderr).toContain('unite: lost connection\n');
  expect(stderr).toContain('unite: lost promise\n');
  expect(stdout).toContain('2 passed');
  expect(exitCode).toBe(1);
});

test('a verifier that ends the process has proved nothing', async () => {
  const { exitCode, stdout, stderr } = await run(['verify'], {
    'unite.config.ts': `export default { verify: [{ name: 'quits', about: 'x', run: () => process.exit(0) }] };`,
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toBe('quits: x\nunite: the process was ended before the command was done\n');
});

test.each([
  ['a configuration', 'process.exit(); export default {};', 1],
  [
    'a verifier',
    `export default { verify: [{ name: 'quits', about: 'x', run: () => process.exit(3) }] };`,
    3,
  ],
])('%s that ends the process leaves one document', async (_, content, code) => {
  const { exitCode, stdout } = await run(['verify', '--json'], { 'unite.config.ts': content });
  expect(exitCode).toBe(code);
  expect(JSON.parse(stdout)).toEqual({
    error: { message: 'the process was ended before the command was done' },
  });
});

test('a promise that the last verifier lost is in the answer', async () => {
  const { exitCode, stdout } = await run(['verify', '--json'], {
    'unite.config.ts': `export default { verify: [{ name: 'careless', about: 'x', run: async () => {
      Promise.reject(Object.assign(new Error('lost promise'), { code: 'ECONNRESET' }));
      return [{ subject: 'it', status: 'passed', detail: 'works' }];
    } }] };`,
  });
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    passed: false,
    counts: { passed: 1, failed: 0 },
    uncaught: [{ message: 'lost promise', code: 'ECONNRESET' }],
  });
});

describe('signals', () => {
  const hanging = {
    'unite.config.ts': `export default {
      verify: [${good}, { name: 'hangs', about: 'never ends', run: () => new Promise(() => {}) }],
      commands: [{ name: 'hang', about: 'x', run: ({ note }) => { note('hanging'); return new Promise(() => setInterval(() => {}, 1_000)); } }],
    };`,
  };

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s reports what is known', async (signal, code) => {
    const running = start(['verify', '--json'], project(hanging));
    await running.says('never ends');
    running.kill(signal);
    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(code);
    expect(JSON.parse(stdout)).toMatchObject({ interrupted: true, counts: { passed: 1, skipped: 1 } });
  });

  test('another one that follows closely does not lose the report', async () => {
    const running = start(['verify', '--json'], project(hanging));
    await running.says('never ends');
    running.kill('SIGINT');
    setTimeout(() => running.kill('SIGTERM'), 300);
    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ interrupted: true, counts: { passed: 1, skipped: 1 } });
  });

  test('the second one ends at once', async () => {
    const running = start(['hang'], project(hanging));
    await running.says('hanging');
    running.kill('SIGINT');
    const again = setInterval(() => running.kill('SIGINT'), 100);
    const startedAtMs = performance.now();
    const { exitCode } = await running.ended;
    clearInterval(again);
    expect(exitCode).toBe(130);
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
  });
});

test('a reader that has read enough is no error', async () => {
  const running = start(
    ['verify'],
    project({
      'unite.config.ts': `export default { verify: [{ name: 'much', about: 'begins', run: async () => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        return Array.from({ length: 5_000 }, (_, n) => ({ subject: String(n), status: 'passed', detail: 'x'.repeat(100) }));
      } }] };`,
    }),
  );
  await running.says('begins');
  running.stopReading();
  const { exitCode, stderr } = await running.ended;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'much: begins\n' });
});
