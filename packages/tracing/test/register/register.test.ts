import { afterEach, expect, it, jest } from '@jest/globals';
import { runningTracing } from '../../src/running-tracing';

const variables = { ...process.env };
// As if another copy had registered it: what it does is shown by programs, since Jest loads modules by itself.
Object.assign(globalThis, { [Symbol.for('unite.tracing.esm-hook.1')]: { isRegistered: true } });

afterEach(() => {
  process.env = { ...variables };
});

it.each([
  ['starts by the environment', { OTEL_SERVICE_NAME: 'api', OTEL_TRACES_EXPORTER: 'none' }, 'api'],
  ['does nothing where it is told to', { OTEL_SDK_DISABLED: 'true' }, undefined],
])('%s', async (_, env, name) => {
  Object.assign(process.env, env);
  const before = process.listenerCount('beforeExit');
  await jest.isolateModulesAsync(async () => void (await import('../../src/register')));
  expect(runningTracing().current?.service.name).toBe(name);
  expect(process.listenerCount('beforeExit') - before).toBe(name ? 1 : 0);
  await runningTracing().current?.close();
  for (const signal of ['SIGTERM', 'SIGINT', 'beforeExit']) process.removeAllListeners(signal);
});
