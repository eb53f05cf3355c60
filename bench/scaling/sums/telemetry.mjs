import { assumptions, processesAt } from '../assumptions.mjs';
import { bytes, loadName, num, percent } from './words.mjs';

const dayS = 86_400;
/** Defaults of the sampler in packages/tracing. */
const maxOpenTraces = 10_000;

export function tracesTable(units) {
  const { loads, spansPerRequest, keptShare, requestsPerProcess, requestS, collectorWaitS } = assumptions;
  const spans = (load) => load * spansPerRequest;
  const row = (what, cell) => [what, ...loads.map(cell)];
  const spanUs = units.spanDroppedUs + keptShare * (units.spanSentUs - units.spanDroppedUs);
  const processShare = (us) => percent((requestsPerProcess * spansPerRequest * us) / 1e6);
  const heldBytes = requestsPerProcess * requestS * spansPerRequest * units.spanHeldBytes;
  return [
    ['traces', ...loads.map(loadName)],
    row('spans a second', (load) => num(spans(load))),
    row(
      `all kept: ${num(units.spanPlainBytes)} B a span`,
      (load) => `${bytes(spans(load) * units.spanPlainBytes * dayS)} a day`,
    ),
    row(
      `${percent(keptShare)} kept`,
      (load) => `${bytes(spans(load) * keptShare * units.spanPlainBytes * dayS)} a day`,
    ),
    row(`of a process, all kept: ${num(units.spanSentUs)} µs a span`, () => processShare(units.spanSentUs)),
    row(`of a process, ${percent(keptShare)} kept: ${num(spanUs)} µs a span`, () => processShare(spanUs)),
    row(`held in a process, ${requestS * 1e3} ms × ${num(units.spanHeldBytes)} B`, () => bytes(heldBytes)),
    row(`held by Collectors that wait ${collectorWaitS} s for a trace, at as many bytes`, (load) =>
      bytes(spans(load) * collectorWaitS * units.spanHeldBytes),
    ),
    row(`requests open in a process until it decides early, of ${num(maxOpenTraces)}`, () =>
      percent((requestsPerProcess * requestS) / maxOpenTraces),
    ),
  ];
}

function seriesOfProcess(units) {
  return assumptions.routes * assumptions.statusesPerRoute * units.routeSeries;
}

export function metricsTable(units) {
  const { loads, routes, statusesPerRoute, scrapeEveryS } = assumptions;
  const labels = routes * statusesPerRoute;
  const row = (what, cell) => [what, ...loads.map(cell)];
  return [
    ['metrics of requests', ...loads.map(loadName)],
    row(`series of a process: ${routes} × ${statusesPerRoute} × ${num(units.routeSeries)}`, () =>
      num(seriesOfProcess(units)),
    ),
    row(`held in a process, ${num(units.routeHeldBytes)} B a route and status`, () =>
      bytes(labels * units.routeHeldBytes),
    ),
    row(
      `a scrape, ${num(units.routeScrapeBytes)} B and ${num(units.routeScrapeUs)} µs a route and status`,
      () => `${bytes(labels * units.routeScrapeBytes)}, ${num((labels * units.routeScrapeUs) / 1e3)} ms`,
    ),
    row('series of all processes', (load) => num(processesAt(load) * seriesOfProcess(units))),
    row(`samples a second, each ${scrapeEveryS} s`, (load) =>
      num((processesAt(load) * seriesOfProcess(units)) / scrapeEveryS),
    ),
    row(
      'scraped',
      (load) => `${bytes((processesAt(load) * labels * units.routeScrapeBytes) / scrapeEveryS)}/s`,
    ),
  ];
}

export function tracesSummary(units) {
  const { loads, spansPerRequest, keptShare } = assumptions;
  return {
    design: '[tracing](#traces): spans',
    unit: `${num(units.spanDroppedUs)} µs of a process a span dropped, ${num(units.spanSentUs)} sent; ${num(units.spanPlainBytes)} B`,
    limit: 'a process has its own; the store has not',
    cells: loads.map(
      (load) =>
        `${bytes(load * spansPerRequest * keptShare * units.spanPlainBytes * dayS)} a day at ${percent(keptShare)}`,
    ),
    next: 'a lower ratio; Collectors by trace id, for traces through several services',
  };
}

export function metricsSummary(units) {
  return {
    design: '[apm](#metrics): series',
    unit: `${num(units.routeSeries)} series a route and status, ${num(units.routeScrapeBytes)} B a scrape`,
    limit: '1,000 label sets a metric in a process, by its cap',
    cells: assumptions.loads.map((load) => `${num(processesAt(load) * seriesOfProcess(units))} series`),
    next: 'a Prometheus for each cell, and recording rules without the process',
  };
}
