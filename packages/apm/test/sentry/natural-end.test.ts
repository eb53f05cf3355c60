import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type BundledScript, bundledScript } from '../support/bundled-script';
import { ok, type Receiver, startReceiver } from './support/receiver';

/** Says how long it lived after its work was done. */
const program = `
  import { startApm } from './src';
  import { sentry } from './src/sentry';
  const [, , dsn, directory, work] = process.argv;
  const apm = startApm({
    service: { name: 'crm' },
    sinks: [sentry({ dsn })],
    ...(directory && { crash: { directory } }),
  });
  if (work !== 'nothing') for (const index of Array(3).keys()) apm.captureError(new Error('no contact ' + index));
  const doneAtMs = performance.now();
  process.on('exit', () => process.stdout.write(String(performance.now() - doneAtMs)));
  if (work === 'flush') apm.close({ timeoutMs: 1_500 });
`;

let script: BundledScript;
let receiver: Receiver;
let directory: string;
beforeAll(() => {
  script = bundledScript('sentry-natural-end', program);
});
afterAll(() => script.remove());
beforeEach(async () => {
  receiver = await startReceiver(() => {});
  directory = mkdtempSync(join(tmpdir(), 'unite-end-'));
});
afterEach(async () => {
  await receiver.stop();
  rmSync(directory, { recursive: true });
});

async function lifeMs(...given: string[]): Promise<number> {
  const child = spawn(process.execPath, [script.path, receiver.dsn, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  return Number(text);
}

/** Ids of the events on disk. */
const kept = () =>
  readdirSync(directory, { recursive: true }).flatMap(
    (name) => /([\da-f]{32})-error/.exec(String(name))?.[1] ?? [],
  );

// A request has ten seconds.
test('a process that has nothing else to do ends though nobody answers; what waits is for the next run', async () => {
  expect(await lifeMs(directory, 'errors')).toBeLessThan(8_000);
  const ids = kept();
  expect(ids).toHaveLength(3);
  expect(await lifeMs(directory, 'nothing')).toBeLessThan(8_000);
  // The next run may have something of its own to tell.
  expect(kept()).toEqual(expect.arrayContaining(ids));
  receiver.behave(ok);
  await lifeMs(directory, 'nothing');
  expect(kept()).toEqual([]);
  expect(receiver.ids()).toEqual(expect.arrayContaining(ids));
});

test('what is answered in time is sent before the end, without a directory, too', async () => {
  receiver.behave(ok);
  expect(await lifeMs('', 'errors')).toBeLessThan(8_000);
  expect(receiver.bodies).toHaveLength(3);
});

test('who closes waits for its time', async () => {
  const ms = await lifeMs('', 'flush');
  expect(ms).toBeGreaterThan(1_400);
  expect(ms).toBeLessThan(4_000);
});
