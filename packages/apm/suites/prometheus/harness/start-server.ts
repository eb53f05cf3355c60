import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createContext, runWithContext } from '@unite/core/context';
import { systemClock } from '@unite/shared';
import { type Slo, startApm } from '../../../src';
import { prometheus } from '../../../src/prometheus';

/** A server that is observed, and scraped at `/metrics`. */
export interface ObservedServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Requests that it answered, and how long it took, by its own account. */
  readonly durationsMs: readonly number[];
  /** Sends one request that takes so long, by the clock of the server's set-up. */
  request(options: { durationMs: number; status?: number; traceId?: string }): Promise<void>;
}

/** A server whose answers take as long as a request says: its clock is set on, so that nobody waits. */
export async function startServer(slos: readonly Slo[]): Promise<ObservedServer> {
  let aheadMs = 0;
  const clock = { ...systemClock, monotonicMs: () => aheadMs };
  const sink = prometheus();
  const apm = startApm({
    service: { name: 'shop', release: 'v1', environment: 'test', deployment: { id: 'blue' } },
    sinks: [sink],
    slos,
    metrics: { orders_total: { kind: 'counter', help: 'Orders', labels: ['country'] } },
    crash: false,
    channels: false,
    clock,
  });
  const durationsMs: number[] = [];
  const scrape = sink.handler();

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://server');
    if (url.pathname === '/metrics') return scrape(request, response);
    const durationMs = Number(url.searchParams.get('durationMs'));
    const status = Number(url.searchParams.get('status'));
    const traceId = url.searchParams.get('traceId') ?? undefined;
    runWithContext(createContext({ route: 'GET /api/orders/[id]', traceId }), () => {
      const observation = apm.observe({ method: 'GET' });
      observation.run(() => apm.count('orders_total', 1, { country: 'DE' }));
      if (status >= 500) observation.failed(new RangeError('out of stock'));
      aheadMs += durationMs;
      durationsMs.push(durationMs);
      observation.end({ status });
    });
    response.statusCode = status;
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    port,
    url,
    durationsMs,
    async request({ durationMs, status = 200, traceId }) {
      const query = new URLSearchParams({ durationMs: `${durationMs}`, status: `${status}` });
      if (traceId) query.set('traceId', traceId);
      await (await fetch(`${url}/orders?${query}`)).arrayBuffer();
    },
    async [Symbol.asyncDispose]() {
      await apm.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
