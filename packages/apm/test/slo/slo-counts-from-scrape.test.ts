import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { prometheus } from '../../src/prometheus';
import { slo, sloCountsFromScrape } from '../../src/slo';

const latency = slo('latency', { route: 'GET /api/*', target: 0.99, underMs: 200 });
const errors = slo('errors', { target: 0.999 });

describe('sloCountsFromScrape', () => {
  it('counts the requests of each deployment, in both formats', async () => {
    const scrape = `${await scrapeOf('blue', 'v1')}${await scrapeOf('green', 'v2')}`;
    expect(sloCountsFromScrape(scrape, latency)).toEqual({ good: 2, total: 6 });
    expect(sloCountsFromScrape(scrape, latency, { deployment: 'green' })).toEqual({ good: 1, total: 3 });
    expect(sloCountsFromScrape(scrape, errors, { release: 'v1' })).toEqual({ good: 3, total: 4 });
    expect(sloCountsFromScrape(scrape, errors, { release: 'v3' })).toEqual({ good: 0, total: 0 });
    expect(sloCountsFromScrape(scrape, errors, { prefix: 'x_' })).toEqual({ good: 0, total: 0 });
  });

  it('tells nothing where the histogram has no bucket at the bound', async () => {
    const other = slo('other', { target: 0.99, underMs: 300 });
    expect(sloCountsFromScrape(await scrapeOf('blue', 'v1'), other)).toEqual({ good: 0, total: 0 });
  });

  it.each([
    'http_server_request_duration_seconds_count{a="b',
    'http_server_request_duration_seconds_count{a=b} 5',
    'http_server_request_duration_seconds_count{http_route="/a"} NaN',
    'http_server_request_duration_seconds_count{http_route="/a"} -5',
    'http_server_request_duration_seconds_count{http_route="/a"} 1e999',
    'http_server_request_duration_seconds_count{}',
    `http_server_request_duration_seconds_count{a="${'\\'.repeat(8_000)}`,
    `http_server_request_duration_seconds_count{http_route="${'x'.repeat(9_000)}"} 5`,
    'http_server_request_duration_seconds_count 5',
  ])('passes over %.60s', (line) => {
    const sound = 'http_server_request_duration_seconds_count{http_route="a\\"}\\n"} 3 # {trace_id="x"} 1';
    expect(sloCountsFromScrape(`${line}\n${sound}`, errors)).toEqual({ good: 3, total: 3 });
  });

  it('never has more good requests than requests', () => {
    const name = 'http_server_request_duration_seconds_bucket';
    const text = `${name}{le="0.2",http_request_method="GET",http_route="/api/a"} 5`;
    expect(sloCountsFromScrape(text, latency)).toEqual({ good: 0, total: 0 });
  });

  it('takes any text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'http_server_request_duration_seconds_count{',
        'http_route="',
        '"',
        '\\',
        ',',
        '} 1\n',
        '\n',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { good, total } = sloCountsFromScrape(pieces.join(''), errors);
        expect(good).toBeGreaterThanOrEqual(0);
        expect(total).toBeGreaterThanOrEqual(good);
      }),
    );
  });
});

async function scrapeOf(deployment: string, release: string): Promise<string> {
  const sink = prometheus({ defaultLabels: { deployment_id: deployment, service_version: release } });
  const metric = {
    name: 'http_server_request_duration_seconds',
    kind: 'histogram',
    help: 'x',
    labels: ['http_route', 'http_request_method', 'http_response_status_code'],
    buckets: [0.1, 0.2, 1],
  } as const;
  const put = (value: number, route: string, status: string): void =>
    sink.metric?.({ metric, value, labels: [route, 'GET', status], exemplar: { traceId: 'a'.repeat(32) } });
  put(0.2, '/api/a', '200');
  put(0.3, '/api/a', '200');
  put(0.1, '/api/b', '503');
  put(0.1, '/api/b', '499');
  put(0.1, '/other', '404');
  const accept = deployment === 'blue' ? 'text/plain' : 'application/openmetrics-text';
  return (await sink.metrics(new Request('http://x', { headers: { accept } }))).text();
}
