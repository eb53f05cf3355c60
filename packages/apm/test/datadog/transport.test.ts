import { spawnSync } from 'node:child_process';
import dgram, { createSocket } from 'node:dgram';
import { channel } from 'node:diagnostics_channel';
import dns from 'node:dns';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { calmMs, manualClock } from '@unite/shared/testing';
import { StatsD } from 'hot-shots';
import type { DatadogClient } from '../../src/datadog';
import { bundledScript } from '../support/bundled-script';
import { type DatadogAgent, startDatadogAgent } from '../support/datadog-agent';
import { parsePacket } from '../support/dogstatsd';
import { errorOf, metric, service, startedSink } from './support';

const hits = { metric: metric('counter', 'hits'), value: 1, labels: [] };
const took = { metric: metric('histogram', 'took_seconds'), value: 0.5, labels: [] };

let warnings: unknown[] = [];
const onWarning = (warning: unknown) => warnings.push(warning);
beforeEach(() => {
  warnings = [];
  (globalThis as Record<symbol, unknown>)[Symbol.for('unite.warned.1')] = undefined;
  channel('unite:warning').subscribe(onWarning);
});
afterEach(() => {
  channel('unite:warning').unsubscribe(onWarning);
  jest.restoreAllMocks();
});

describe('an agent that is not there', () => {
  test('loses what is sent, and nothing else: UDP does not tell', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    socket.close();
    const sink = startedSink({ port });
    for (const _ of Array(3)) {
      sink.metric(hits);
      await sink.flush();
    }
    await sink.close();
    expect(sink.stats()).toEqual({ accepted: 3, sent: 3, queued: 0, dropped: {} });
  });

  test('by a name that is not known is counted, and told once', async () => {
    const sink = startedSink({ host: 'agent.invalid' });
    for (const _ of Array(2)) {
      sink.metric(hits);
      sink.error(errorOf());
      await sink.flush();
    }
    await sink.close();
    expect(sink.stats()).toEqual({ accepted: 4, sent: 0, queued: 0, dropped: { unreachable: 4 } });
    // Node.js tells a warning a moment later.
    while (warnings.length === 0) await new Promise(setImmediate);
    expect(warnings).toEqual([
      {
        code: 'UNITE_APM_DATADOG_UNREACHABLE',
        message: expect.stringMatching(/Datadog agent: .*agent\.invalid$/),
      },
    ]);
  });

  test('while its name is looked up without end, counters add up, the rest is bounded, and close is in time', async () => {
    jest.spyOn(dns, 'lookup').mockImplementation((() => undefined) as never);
    const sink = startedSink({ host: 'agent.example', maxQueued: 5_000, maxPacketBytes: 512 });
    for (const _ of Array(20_000)) {
      sink.metric(hits);
      sink.metric(took);
      sink.error(errorOf({ fingerprint: [String(Math.random())] }));
    }
    const { accepted, queued, sent, dropped } = sink.stats();
    expect(accepted).toBe(60_000);
    expect(sent).toBe(0);
    expect(dropped['queue-full']).toBeGreaterThan(10_000);
    expect(queued + (dropped['queue-full'] ?? 0)).toBe(60_000);
    const tookMs = await calmMs(async () => {
      await sink.flush({ timeoutMs: 50 });
      await sink.close({ timeoutMs: 50 });
    });
    expect(tookMs).toBeLessThan(2_000);
    const end = sink.stats();
    expect(end).toMatchObject({ accepted: 60_000, sent: 0, queued: 0 });
    expect((end.dropped.closed ?? 0) + (end.dropped['queue-full'] ?? 0)).toBe(60_000);
  });
});

test('a socket that cannot be closed does not keep the end from coming', async () => {
  const agent = await startDatadogAgent();
  const sink = startedSink({ port: agent.port });
  sink.metric(hits);
  await sink.flush();
  const close = dgram.Socket.prototype.close;
  jest.spyOn(dgram.Socket.prototype, 'close').mockImplementation(function (this: dgram.Socket) {
    close.call(this);
    throw new Error('no');
  });
  await sink.close();
  expect(sink.stats()).toMatchObject({ accepted: 1, sent: 1 });
  jest.restoreAllMocks();
  agent.close();
});

describe('the name of a host', () => {
  const manyPackets = async (sink: ReturnType<typeof startedSink>) => {
    for (const _ of Array(200)) sink.metric(took);
    await sink.flush({ timeoutMs: 1_000 });
  };

  test('is looked up once for all datagrams, and again after a minute', async () => {
    const agent = await startDatadogAgent();
    const lookup = jest.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, found: Found) => {
      setImmediate(() => found(null, '127.0.0.1', 4));
    }) as never);
    const clock = manualClock();
    const sink = startedSink({ host: 'agent.example', port: agent.port, maxPacketBytes: 512 }, { clock });
    await manyPackets(sink);
    await manyPackets(sink);
    expect(lookup).toHaveBeenCalledTimes(1);
    await clock.advance(60_000);
    await manyPackets(sink);
    expect(lookup).toHaveBeenCalledTimes(2);
    await sink.close();
    expect(sink.stats()).toMatchObject({ accepted: 600, sent: 600 });
    agent.close();
  });

  test('that is not known is left alone for a while, and what cannot be sent meanwhile is counted', async () => {
    const lookup = jest.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, found: Found) => {
      setImmediate(() => found(new Error('ENOTFOUND'), '', 4));
    }) as never);
    const clock = manualClock();
    const sink = startedSink({ host: 'agent.example', maxPacketBytes: 512 }, { clock });
    await manyPackets(sink);
    await manyPackets(sink);
    expect(lookup).toHaveBeenCalledTimes(1);
    for (const ms of [1_000, 1_000, 1_000]) {
      await clock.advance(ms);
      await manyPackets(sink);
    }
    expect(lookup).toHaveBeenCalledTimes(3);
    await sink.close();
    expect(sink.stats()).toMatchObject({ accepted: 1_000, sent: 0, dropped: { unreachable: 1_000 } });
  });

  test('has one lookup under way, and none after the end', async () => {
    const lookup = jest.spyOn(dns, 'lookup').mockImplementation((() => undefined) as never);
    const sink = startedSink({ host: 'agent.example', maxPacketBytes: 512 });
    for (const _ of Array(5_000)) sink.metric(took);
    await sink.close({ timeoutMs: 20 });
    sink.metric(hits);
    await sink.flush({ timeoutMs: 20 });
    expect(lookup).toHaveBeenCalledTimes(1);
  });

  test.each(['http://x', 'a b', '', '-x', 'x:8125'])('is none: %p', (host) => {
    expect(() => startedSink({ host })).toThrow(TypeError);
    expect(() => startedSink({ host })).toThrow('"host"');
  });
  test.each(['::1', 'agent_1', 'a-b.example.'])('is one: %p', (host) => {
    expect(() => startedSink({ host })).not.toThrow();
  });
});

type Found = (error: Error | null, address: string, family: number) => void;

describe('a client of the application', () => {
  test('sends, and stays open', async () => {
    const agent = await startDatadogAgent();
    const client = new StatsD({ host: '127.0.0.1', port: agent.port, prefix: 'theirs', globalTags: ['a:b'] });
    const sink = startedSink({ client: client as unknown as DatadogClient });
    sink.metric(hits);
    await sink.close();
    client.increment('own');
    await agent.until((lines) => lines.length === 2);
    expect(
      agent
        .lines()
        .map((line) => line.kind === 'metric' && line.name)
        .sort(),
    ).toEqual(['hits', 'theirs.own']);
    client.close();
    agent.close();
  });

  test('that throws, calls back twice or answers late does not put the account wrong', async () => {
    const answers: ((error?: Error) => void)[] = [];
    let isBroken = true;
    const client: DatadogClient = {
      sendMessage(_packet, callback) {
        if (isBroken) throw new Error('no');
        answers.push(callback);
        callback();
        callback(new Error('again'));
      },
    };
    const clock = manualClock();
    const sink = startedSink({ client }, { clock });
    sink.metric(hits);
    await sink.flush();
    isBroken = false;
    sink.metric(hits);
    await sink.flush();
    expect(sink.stats()).toEqual({ accepted: 2, sent: 1, queued: 0, dropped: { unreachable: 1 } });

    client.sendMessage = (_packet, callback) => void answers.push(callback);
    sink.metric(hits);
    const closed = sink.close({ timeoutMs: 100 });
    await clock.advance(100);
    await closed;
    answers.at(-1)?.();
    sink.metric(hits);
    expect(sink.close()).toBe(closed);
    expect(sink.stats()).toEqual({ accepted: 4, sent: 1, queued: 0, dropped: { unreachable: 1, closed: 2 } });
    expect(clock.sleepers()).toBe(0);
  });
});

test('what is handed over before the start or after the end is counted', async () => {
  const { datadog } = await import('../../src/datadog');
  const sink = datadog();
  sink.metric?.(hits);
  sink.error?.(errorOf());
  sink.deployment?.({ id: 'd' }, service);
  sink.crash?.();
  await sink.flush();
  await sink.close();
  expect(sink.stats()).toEqual({ accepted: 3, sent: 0, queued: 0, dropped: { closed: 3 } });
});

test('a process that dies sends what waits in the same turn', async () => {
  const agent: DatadogAgent = await startDatadogAgent();
  const script = bundledScript(
    'datadog-crash',
    `import { datadog } from './src/datadog';
     import { systemClock } from '@unite/shared';
     const sink = datadog({ host: '127.0.0.1', port: Number(process.argv[2]) });
     sink.start({ service: { name: 'crm' }, clock: systemClock, redact: (text) => text });
     sink.metric({ metric: { name: 'hits', kind: 'counter', help: '', labels: [], buckets: [] }, value: 1, labels: [] });
     // The socket is bound by the first packet.
     sink.flush().then(() => {
       sink.metric({ metric: { name: 'last', kind: 'counter', help: '', labels: [], buckets: [] }, value: 1, labels: [] });
       sink.crash();
       process.kill(process.pid, 'SIGKILL');
     });`,
  );
  const { signal } = spawnSync(process.execPath, [script.path, String(agent.port)], { timeout: 20_000 });
  script.remove();
  expect(signal).toBe('SIGKILL');
  await agent.until((lines) => lines.length === 2);
  expect(agent.metrics('last')).toHaveLength(1);
  agent.close();
});

describe('a Unix socket', () => {
  test('that cannot be opened is counted and told, and looked for again after a second', async () => {
    const clock = manualClock();
    const sink = startedSink({ path: '/nowhere/dsd.socket' }, { clock });
    for (const _ of Array(3)) {
      sink.metric(hits);
      await sink.flush();
    }
    await clock.advance(1_000);
    sink.metric(hits);
    await sink.close();
    expect(sink.stats()).toEqual({ accepted: 4, sent: 0, queued: 0, dropped: { unreachable: 4 } });
    expect(warnings).toEqual([
      { code: 'UNITE_APM_DATADOG_UNREACHABLE', message: expect.not.stringContaining('\n') },
    ]);
  });

  // `unix-dgram` is native, and there only where it could be compiled when packages were installed.
  const unixDgram = loadUnixDgram();
  (unixDgram ? test : test.skip)(
    'takes lines in packets up to 8 kB, also where the agent comes late (needs unix-dgram, which is native)',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'unite-dsd-'));
      const path = join(folder, 'dsd.socket');
      const clock = manualClock();
      const sink = startedSink({ path }, { clock });
      sink.metric(hits);
      await sink.flush();
      expect(sink.stats().dropped).toEqual({ unreachable: 1 });

      const packets: Buffer[] = [];
      const lines = () => packets.flatMap((packet) => parsePacket(packet, 8_192));
      const values = () => lines().flatMap((line) => (line.kind === 'metric' ? line.values : []));
      let all = () => {};
      const received = new Promise<void>((resolve) => {
        all = resolve;
      });
      const server = unixDgram?.createSocket('unix_dgram', (packet) => {
        packets.push(packet);
        if (values().length === 5_000) all();
      });
      server?.bind(path);
      await clock.advance(1_000);
      for (const _ of Array(5_000)) sink.metric(took);
      await sink.close();
      await received;
      server?.close();
      rmSync(folder, { recursive: true });
      expect(Math.max(...packets.map((packet) => packet.length))).toBeGreaterThan(1_432);
      expect(sink.stats()).toEqual({ accepted: 5_001, sent: 5_000, queued: 0, dropped: { unreachable: 1 } });
    },
  );
});

interface UnixDgram {
  createSocket(
    type: 'unix_dgram',
    listener: (packet: Buffer) => void,
  ): { bind(path: string): void; close(): void };
}

function loadUnixDgram(): UnixDgram | undefined {
  try {
    return createRequire(require.resolve('hot-shots'))('unix-dgram') as UnixDgram;
  } catch {
    return undefined;
  }
}
