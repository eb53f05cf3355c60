import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SetUpFinding } from '../../src/check/check-types';
import { runProgram } from '../support/run-program';

const fixture = (name: string) => join(__dirname, 'fixtures', `${name}.mjs`);
const hook = ['--import', '@unite/tracing/register'];
const off = { OTEL_TRACES_EXPORTER: 'none' };

/** Each set-up says nothing by itself; spans are missing. */
describe('set-ups that are broken', () => {
  const findings = (args: readonly string[], env?: NodeJS.ProcessEnv) =>
    runProgram<SetUpFinding[]>(args, env);

  it('a sound one has nothing to mend', async () => {
    const found = await findings([...hook, fixture('sound')], { ...off, OTEL_SERVICE_NAME: 'fixture' });
    expect(found.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(found).toContainEqual(
      expect.objectContaining({ subject: 'instrumentation pg', status: 'passed' }),
    );
  });

  it.each([
    [
      'two-apis',
      'UNITE_TRACING_API_COPIES',
      /1\.10\.0 in .* sees no span: 1\.9\.1 has registered/,
      /"overrides"/,
    ],
    [
      'other-api-first',
      'UNITE_TRACING_REFUSED',
      /another version of @opentelemetry\/api came first/,
      /overrides/,
    ],
    [
      'esm-without-hook',
      'UNITE_TRACING_NOT_PATCHED_IOREDIS',
      /ioredis was loaded as an ES module/,
      /--import @unite\/tracing\/register/,
    ],
    ['loaded-before', 'UNITE_TRACING_NOT_PATCHED_PG', /pg was loaded before startTracing/, /file of its own/],
    ['sentry-owns', 'UNITE_TRACING_JOINED', /Sentry's provider/, /enableOpenTelemetrySetup: false/],
    [
      'no-context-manager',
      'UNITE_TRACING_NO_CONTEXT',
      /no context manager/,
      /AsyncLocalStorageContextManager/,
    ],
  ])('%s: named, with its fix', async (name, code, detail, remedy) => {
    const found = await findings([fixture(name)]);
    const finding = found.find((one) => one.code === code);
    expect(finding).toMatchObject({ status: expect.stringMatching(/failed|warned/) });
    expect(finding?.detail).toMatch(detail);
    expect(finding?.remedy).toMatch(remedy);
  });

  it('Sentry beside it leaves the provider alone', async () => {
    const found = await findings([fixture('sentry-beside')]);
    expect(found[0]).toMatchObject({ subject: 'provider', status: 'passed' });
    expect(found[1]).toMatchObject({ subject: 'context', status: 'passed' });
  });

  describe('a wrong URL', () => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(404).end();
    });
    beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    it.each([
      ['where nobody listens', () => 'http://127.0.0.1:9/v1/traces', /ECONNREFUSED/],
      [
        'with a wrong path',
        () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/traces`,
        /404|Not Found/,
      ],
    ])('%s: named, with its fix', async (_, url, reason) => {
      const found = await findings([fixture('wrong-url'), url()]);
      const finding = found.find(({ code }) => code === 'UNITE_TRACING_EXPORT_FAILS');
      expect(finding).toMatchObject({ status: 'failed', measured: { exported: 0, failed: 1 } });
      expect(finding?.detail).toMatch(reason);
      expect(finding?.remedy).toMatch(/4318\/v1\/traces/);
    });
  });
});
