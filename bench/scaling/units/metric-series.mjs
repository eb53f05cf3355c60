import { startApm } from '../../../packages/apm/dist/index.js';
import { prometheus } from '../../../packages/apm/dist/prometheus.js';
import { slo } from '../../../packages/apm/dist/slo.js';
import { heldBytes, processUs } from './process-processor.mjs';
import { figure, unitCost } from './unit-cost.mjs';

const routes = 900;

/** What a route with its metrics takes in a process, and in each scrape of it. */
export async function metricSeries({ rounds }) {
  const sink = prometheus();
  const apm = startApm({
    service: { name: 'bench', release: 'v1', environment: 'bench', deployment: { id: 'd-1' } },
    sinks: [sink],
    slos: [slo('latency', { target: 0.99, underMs: 200 })],
    crash: false,
    channels: false,
  });
  const read = async () => (await sink.metrics()).text();
  try {
    const empty = (await read()).length;
    const bytes = await heldBytes(() => {
      for (let at = 0; at < routes; at += 1)
        apm.observe({ method: 'GET', route: `/api/route-${at}` }).end({ status: 200 });
      return apm;
    });
    const text = await read();
    const perRoute = (what, unit, value) => figure({ what, unit }, [value / routes]);
    const scrape = await unitCost(
      { what: 'a route, in a scrape', unit: 'µs of a process', rounds, calls: 3 },
      processUs,
      async (calls) => {
        for (let call = 0; call < calls; call += 1) await read();
      },
    );
    const share = (value) => value / routes;
    return {
      routeHeldBytes: perRoute('a route and its metrics, held', 'bytes', bytes),
      routeScrapeBytes: perRoute('a route, in a scrape', 'bytes', text.length - empty),
      routeSeries: figure({ what: 'series of a route', unit: 'series' }, [
        Math.round(linesOf(text) / routes),
      ]),
      routeScrapeUs: {
        ...scrape,
        median: share(scrape.median),
        least: share(scrape.least),
        most: share(scrape.most),
      },
    };
  } finally {
    await apm.close();
  }
}

const linesOf = (text) => [...text.matchAll(/^http_server_request_duration_seconds\w*\{/gm)].length;
