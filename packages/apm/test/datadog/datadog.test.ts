import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import fc from 'fast-check';
import { datadog } from '../../src/datadog';
import { type DatadogAgent, startDatadogAgent } from '../support/datadog-agent';
import type { MetricLine } from '../support/dogstatsd';
import { errorOf, metric, service, serviceTagList, startedSink } from './support';

let agent: DatadogAgent;
beforeEach(async () => {
  agent = await startDatadogAgent();
});
afterEach(() => agent.close());

describe('metrics', () => {
  test('go as lines with the tags of the service', async () => {
    const sink = startedSink({ port: agent.port, prefix: 'crm', tags: { Team: 'Sales' } });
    const requests = metric('counter', 'contacts_created', ['route']);
    sink.metric({ metric: requests, value: 1, labels: ['GET /api/contacts/[id]'] });
    sink.metric({ metric: requests, value: 2.5, labels: ['GET /api/contacts/[id]'] });
    sink.metric({ metric: metric('gauge', 'queue_length'), value: 7, labels: [] });
    sink.metric({ metric: metric('gauge', 'temperature'), value: -3e-9, labels: [] });
    await sink.close();
    await agent.until((lines) => lines.length === 3);
    const tags = [...serviceTagList, 'team:sales'];
    expect(agent.lines()).toEqual([
      {
        kind: 'metric',
        name: 'crm.contacts_created',
        values: [3.5],
        type: 'c',
        tags: [...tags, 'route:get_/api/contacts/_id_'],
      },
      { kind: 'metric', name: 'crm.queue_length', values: [7], type: 'g', tags },
      { kind: 'metric', name: 'crm.temperature', values: [-3e-9], type: 'g', tags },
    ]);
    expect(sink.stats()).toEqual({ accepted: 4, sent: 4, queued: 0, dropped: {} });
  });

  test('of a gauge send the last value, and of a histogram every one', async () => {
    const sink = startedSink({ port: agent.port });
    const depth = metric('gauge', 'depth');
    const duration = metric('histogram', 'duration_seconds', ['route']);
    for (const value of [1, 2, 3]) sink.metric({ metric: depth, value, labels: [] });
    const values = Array.from({ length: 1_000 }, (_, index) => index / 8);
    for (const value of values) sink.metric({ metric: duration, value, labels: ['GET /a'] });
    await sink.flush();
    await agent.until(
      () => agent.metrics('duration_seconds').flatMap((line) => line.values).length === 1_000,
    );
    expect(agent.metrics('depth').map((line) => line.values)).toEqual([[3]]);
    const sent = agent.metrics('duration_seconds');
    expect(sent.flatMap((line) => line.values)).toEqual(values);
    expect(new Set(sent.map((line) => line.type))).toEqual(new Set(['d']));
    expect(sink.stats()).toEqual({ accepted: 1_003, sent: 1_003, queued: 0, dropped: {} });
    await sink.close();
  });

  test('wait for their time, and add up while they do', async () => {
    const clock = manualClock();
    const sink = startedSink({ port: agent.port, flushIntervalMs: 250 }, { clock });
    const hits = metric('counter', 'hits');
    sink.metric({ metric: hits, value: 1, labels: [] });
    await clock.advance(249);
    sink.metric({ metric: hits, value: 1, labels: [] });
    expect(sink.stats()).toMatchObject({ sent: 0, queued: 2 });
    await clock.advance(1);
    await agent.until((lines) => lines.length === 1);
    sink.metric({ metric: hits, value: 5, labels: [] });
    await clock.advance(250);
    await agent.until((lines) => lines.length === 2);
    expect(agent.metrics('hits').map((line) => line.values)).toEqual([[2], [5]]);
    await sink.close();
    expect(clock.sleepers()).toBe(0);
  });

  test('of any name and any label are lines by the grammar, one series each', async () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        '',
        ':',
        '|#',
        'a\nb:1|c',
        'a,b',
        '__overflow__',
        'ä:',
        '1',
        '\uD83D',
        'ß'.repeat(500),
        '😀'.repeat(150),
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('Foo', 'foo', 'FOO', 'f|o', 'f,o', 'f_o'),
    );
    const sink = startedSink({ port: agent.port, maxPacketBytes: 1_432 });
    const metrics = fc
      .sample(hostile, { numRuns: 25, seed: 7 })
      .map((name) => metric('counter', name, ['plan', name]));
    const pairs = fc.sample(fc.tuple(hostile, hostile), { numRuns: 100, seed: 8 });
    const series = new Set<string>();
    for (const one of new Map(metrics.map((one) => [one.name, one])).values()) {
      for (const labels of pairs) {
        series.add(JSON.stringify([one.name, labels.map((label) => label)]));
        sink.metric({ metric: one, value: 1, labels });
      }
      await sink.flush();
    }
    await sink.close();
    const { accepted, sent, dropped } = sink.stats();
    expect(accepted).toBe(sent);
    expect(dropped).toEqual({});
    await agent.until((lines) => lines.length >= series.size);
    const lines = agent
      .lines()
      .map((line) => line.kind === 'metric' && `${line.name} ${line.tags.join(' ')}`);
    expect(new Set(lines).size).toBe(series.size);
  });

  test('of a megabyte are cut, those that begin alike are told apart, and what fits into no packet is counted', async () => {
    const sink = startedSink({ port: agent.port });
    const one = metric('counter', `n${'x'.repeat(1_000_000)}`, ['who']);
    const big = 'a'.repeat(1_000_000);
    sink.metric({ metric: one, value: 1, labels: [`${big}1`] });
    sink.metric({ metric: one, value: 1, labels: [`${big}2`] });
    const wide = metric('counter', 'wide', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    sink.metric({ metric: wide, value: 1, labels: wide.labels.map((label) => label + big) });
    await sink.close();
    await agent.until((lines) => lines.length === 2);
    expect(new Set(agent.lines().map((line) => line.tags.join())).size).toBe(2);
    expect(sink.stats()).toEqual({ accepted: 3, sent: 2, queued: 0, dropped: { 'too-large': 1 } });
  });

  test('whose labels bear names of Datadog keep the tags of the service whole', async () => {
    const sink = startedSink(
      { port: agent.port, tags: { service: 'other', env: 'x', region: 'eu' } },
      { service: { name: 'crm' } },
    );
    sink.metric({
      metric: metric('counter', 'hits', ['service', 'host', 'region', 'Region']),
      value: 1,
      labels: ['a', 'b', 'c', 'd'],
    });
    await sink.close();
    await agent.until((lines) => lines.length === 1);
    const [line] = agent.lines();
    expect(line?.tags.slice(0, 6)).toEqual([
      'service:crm',
      'env:x',
      'label_service:other',
      'region:eu',
      expect.stringMatching(/^label_service_\w{8}:a$/),
      'label_host:b',
    ]);
    expect(line?.tags).toHaveLength(8);
  });
});

describe('deployments and errors', () => {
  test('a deployment is an event with the release that it rolled out', async () => {
    const sink = startedSink({ port: agent.port });
    sink.deployment({ id: 'd-43', commit: 'fee1', atMs: 1_700_000_001_000, release: '1.5.0' }, service);
    sink.deployment({ id: 'd-44' }, { name: 'crm' });
    await sink.close();
    await agent.until((lines) => lines.length === 2);
    const [first, second] = agent.events();
    expect(first).toEqual({
      kind: 'event',
      title: 'Deployed crm 1.5.0 to Production',
      text: 'Deployment d-43\nCommit fee1',
      fields: { d: '1700000001', k: expect.stringMatching(/^\w{8}$/), s: 'nodejs', t: 'info' },
      tags: ['service:crm', 'env:production', 'version:1.5.0', 'deployment:d-43'],
    });
    expect(second).toMatchObject({
      title: 'Deployed crm',
      text: 'Deployment d-44',
      tags: ['service:crm', 'deployment:d-44'],
    });
  });

  test('an error is counted, and is an event once a minute for each kind', async () => {
    const clock = manualClock(1_700_000_000_000);
    const sink = startedSink({ port: agent.port, prefix: 'crm', tracer: false }, { clock });
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    for (const _ of Array(10))
      sink.error(errorOf({ traceId, spanId: '00f067aa0ba902b7', tags: { Feature: 'Import', env: 'x' } }));
    sink.error(
      errorOf({
        fingerprint: ['other'],
        level: 'warning',
        isHandled: true,
        kind: 'captured',
        route: undefined,
        tenantId: undefined,
      }),
    );
    await sink.flush();
    await clock.advance(60_000);
    sink.error(errorOf());
    await sink.close();
    await agent.until(() => agent.events().length === 3);
    const [first, second, third] = agent.events();
    expect(first).toEqual({
      kind: 'event',
      title: 'TypeError: Nothing there',
      text: [
        'TypeError: Nothing there',
        '  at importContacts (src/import.ts:12:7)',
        `event ${'e'.repeat(32)}, request, unhandled`,
        `dd.trace_id=${traceId} dd.span_id=67667974448284343`,
      ].join('\n'),
      fields: { d: '1700000000', k: expect.stringMatching(/^\w{8}$/), s: 'nodejs', t: 'error' },
      tags: [
        ...serviceTagList,
        'error_type:typeerror',
        'kind:request',
        'level:error',
        'route:post_/api/import',
        'tenant:acme',
        `trace_id:${traceId}`,
        `event_id:${'e'.repeat(32)}`,
        'feature:import',
        'label_env:x',
      ],
    });
    expect(second).toMatchObject({
      fields: { t: 'warning' },
      text: expect.stringContaining('captured\n'.trim()),
    });
    expect(third?.fields.k).toBe(first?.fields.k);
    expect(sumOf(agent.metrics('crm.errors'))).toBe(12);
    expect(sink.stats()).toEqual({ accepted: 12, sent: 12, queued: 0, dropped: {} });
  });

  test('an event of any content is one line, with lengths in bytes, and fits into a packet', async () => {
    const sink = startedSink({ port: agent.port, maxPacketBytes: 1_432 });
    const texts = ['ü€😀\n'.repeat(900), '|t:info|#x:y\n_e{1,1}:', '\\\n\r\\n'.repeat(500), '\uD83D'];
    const tags = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`tag${index}`, `ö${'v'.repeat(150)}`]),
    );
    for (const message of texts) {
      sink.error(errorOf({ message, type: message.slice(0, 50), fingerprint: [message], tags }));
    }
    await sink.close();
    await agent.until(() => agent.events().length === texts.length);
    for (const event of agent.events()) {
      expect(event.title).not.toContain('�…');
      expect(event.tags).toEqual(expect.arrayContaining(serviceTagList));
    }
    expect(agent.events()[0]?.text).toMatch(/ü€😀\nü€.*…$/su);
  });

  test('kinds of errors without end are bounded', async () => {
    const sink = startedSink({ port: agent.port, maxQueued: 100_000 });
    for (const index of Array(1_500).keys()) {
      sink.error(errorOf({ type: `Error${index}`, fingerprint: [`${index}`] }));
      if (index % 100 === 0) await sink.flush();
    }
    await sink.close();
    const { accepted, sent } = sink.stats();
    expect([accepted, sent]).toEqual([1_500, 1_500]);
    await agent.until(() => sumOf(agent.metrics('errors')) === 1_500);
    expect(agent.events()).toHaveLength(1_000);
    const counts = agent.metrics('errors');
    expect(sumOf(counts.filter((line) => line.tags.includes('error_type:__overflow__')))).toBe(500);
    expect(new Set(counts.map((line) => line.tags.join())).size).toBeLessThanOrEqual(1_001);
  });
});

test('options that are not right are refused by name', () => {
  const refused: [object, string][] = [
    [{ prot: 1 }, 'unknown option "prot"'],
    [{ host: '' }, 'option "host" must be the name or the address of a host, got ""'],
    [{ port: 0 }, 'option "port" must be a whole number from 1 to 65535, got 0'],
    [{ path: 'a\0' }, 'option "path" must be the path of a socket'],
    [{ client: {} }, 'option "client" must be a client of hot-shots, got an object'],
    [{ prefix: '1a' }, 'option "prefix" must be letters'],
    [{ tags: { a: 1 } }, 'option "tags" must be an object of texts'],
    [{ tags: 'a:b' }, 'option "tags" must be'],
    [{ maxQueued: 0.5 }, 'option "maxQueued" must be'],
    [{ flushIntervalMs: 0 }, 'option "flushIntervalMs" must be'],
    [{ maxPacketBytes: 100 }, 'option "maxPacketBytes" must be'],
    [{ tracer: true }, 'option "tracer" must be a tracer of dd-trace, or false, got true'],
    [{ host: 'a', path: '/b' }, 'give one of the options "client", "path", or "host" and "port"'],
  ];
  for (const [options, message] of refused) expect(() => datadog(options)).toThrow(message);
  expect(datadog().name).toBe('datadog');
});

function sumOf(lines: readonly MetricLine[]): number {
  return lines.flatMap((line) => line.values).reduce((sum, value) => sum + value, 0);
}
