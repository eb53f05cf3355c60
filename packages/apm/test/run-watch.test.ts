import { tracingChannel } from 'node:diagnostics_channel';
import type { EventEmitter } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import { openChannel } from '@unite/shared';
import { startApm } from '../src';
import { createEventStore } from '../src/store';

const service = { name: 'crm', release: 'v42' };

test('the family’s channels become metrics, cost and slow queries', async () => {
  const events = createEventStore();
  await using apm = startApm({
    service,
    sinks: [events],
    crash: false,
    slowQueryMs: 0.000_1,
    costs: { databaseSecondNanoUsd: 1_000_000_000_000n },
  });
  const query = { cluster: 'main', kind: 'read', statement: 'SELECT contacts' };
  const queries = tracingChannel('unite:db-ha:query');
  runWithContext(createContext({ route: 'GET /api/contacts', tenantId: 'acme' }), () => {
    queries.start.publish(query);
    for (let sum = 0; sum < 1_000_000; sum += 1);
    queries.asyncStart.publish(query);
    queries.asyncEnd.publish(query);
    openChannel('unite:quota:use')?.publish({
      quota: 'crm',
      plan: 'pro',
      route: 'GET /api/contacts',
      tenantId: 'acme',
      use: { apiCalls: 1 },
      costs: [{ unit: 'apiCalls', model: '', amount: 1, costNanoUsd: 2_000n }],
      isUnpriced: false,
    });
  });
  expect(events.events()).toMatchObject([
    {
      level: 'warning',
      isHandled: true,
      fingerprint: ['slow-query', 'main', 'SELECT contacts'],
      exceptions: [{ type: 'SlowQuery', message: expect.stringMatching(/^SELECT contacts took \d+\.\d s$/) }],
    },
  ]);
  const rows = apm.costs().rows.map(({ kind, tenantId, route }) => ({ kind, tenantId, route }));
  const place = { tenantId: 'acme', route: 'GET /api/contacts' };
  expect(rows).toEqual(
    expect.arrayContaining([
      { kind: 'apiCalls', ...place },
      { kind: 'database', ...place },
    ]),
  );
});

test('a run leaves a mark while it runs, and hears of what nobody caught', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'unite-apm-'));
  const before = process.listenerCount('uncaughtExceptionMonitor');
  const events = createEventStore();
  const apm = startApm({ service, sinks: [events], crash: { directory, flushMs: 0 } });
  expect(await readdir(directory)).toHaveLength(1);
  (process as EventEmitter).emit('uncaughtExceptionMonitor', new Error('nobody'), 'uncaughtException');
  expect(events.events()).toMatchObject([
    { kind: 'uncaught-exception', exceptions: [{ message: 'nobody' }] },
  ]);
  await apm.close();
  expect(await readdir(directory)).toEqual([]);
  expect(process.listenerCount('uncaughtExceptionMonitor')).toBe(before);
  await rm(directory, { recursive: true });
});

test.each([true, false])('what a sink keeps on disk is not unsent at the end: %s', async (keeps) => {
  const directory = await mkdtemp(join(tmpdir(), 'unite-apm-'));
  const stats = () => ({ accepted: 1, sent: 0, queued: 1, dropped: {} });
  const sink = { ...createEventStore(), name: 'queue', stats, ...(keeps && { crash: () => undefined }) };
  await using apm = startApm({ service, sinks: [sink], crash: { directory, flushMs: 0 } });
  (process as EventEmitter).emit('uncaughtExceptionMonitor', new Error('nobody'), 'uncaughtException');
  expect((await readdir(directory)).filter((name) => name.endsWith('.json'))).toHaveLength(keeps ? 0 : 1);
  await apm.close();
  await rm(directory, { recursive: true });
});

test('a directory of the system keeps no set-up from starting', async () => {
  const warned = jest.spyOn(process, 'emitWarning').mockReturnValue(undefined);
  await using apm = startApm({ service, crash: { directory: '/proc/nope' } });
  expect(apm.integrity().lostRuns).toEqual([]);
  expect(warned).toHaveBeenCalledWith(expect.stringContaining('/proc/nope'), expect.anything());
  warned.mockRestore();
});

test('a run that was lost is told of by the next one, as an event and in the account', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'unite-apm-'));
  const first = startApm({ service, crash: { directory } });
  const [mark = ''] = await readdir(directory);
  const record = JSON.parse(await readFile(join(directory, mark), 'utf8')) as object;
  await first.close();
  // Of a process that is no more: no system gives such an id.
  const lost = { ...record, processId: 2 ** 30, processStart: 'then', instanceId: 'lost' };
  await writeFile(join(directory, mark.replace(/-\d+-/, `-${2 ** 30}-`)), JSON.stringify(lost));
  const events = createEventStore();
  await using apm = startApm({ service, sinks: [events], crash: { directory } });
  expect(apm.integrity()).toMatchObject({
    isComplete: false,
    lostRuns: [{ instanceId: 'lost', processId: 2 ** 30 }],
  });
  expect(events.events()).toMatchObject([
    { kind: 'lost-run', level: 'fatal', extra: { instanceId: 'lost' } },
  ]);
  await apm.close();
  await rm(directory, { recursive: true });
});

test('its own counters become metrics now and then', async () => {
  jest.useFakeTimers();
  try {
    const names: string[] = [];
    const sink = {
      ...createEventStore(),
      metric: ({ metric }: { metric: { name: string } }) => void names.push(metric.name),
    };
    await using _apm = startApm({ service, sinks: [sink], crash: false, channels: false });
    expect(names).toEqual([]);
    jest.advanceTimersByTime(10_000);
    expect(names).toContain('apm_sink_accepted_total');
  } finally {
    jest.useRealTimers();
  }
});
