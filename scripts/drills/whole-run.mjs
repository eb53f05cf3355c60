import { notMeasurable, verdict } from './scene/verdict.mjs';

/** What held from the first drill to the last: ends the load and the probe that went on under all of them. */
/** @type {import('./scene/start-scene.mjs').SceneDrill} */
export const wholeRun = {
  name: 'whole-run',
  about:
    'Ends the load and the probe: latency, errors, availability, queries and cache over all drills before it.',
  async run({ load, probe, metrics }, { note, score }) {
    note('ending the load and the probe');
    await metrics.refresh();
    const [report, probed] = await Promise.all([load.stop(), probe.stop()]);
    if (!report) throw new Error('The load ended without a report');
    const { requests, errors, latency } = report.total;
    for (const warning of report.warnings) note(warning);
    for (const stall of report.stalls)
      note(`nothing was answered for ${stall.durationMs} ms, ${stall.waiting} waiting`);
    note(`outcomes: ${JSON.stringify(report.outcomes)}; probe: ${JSON.stringify(probed.failures)}`);

    const minutes = (report.durationMs / 60_000).toFixed(1);
    const about = `${load.users} users thinking ${load.thinkMs.join('-')} ms, ${requests} requests in ${minutes} min`;
    score(
      verdict('API p95 < 200 ms', latency.p95Ms < 200, `${latency.p95Ms} ms (${about})`, {
        ...latency,
        requests,
      }),
    );
    const errorRate = errors / requests;
    score(
      verdict('error rate < 0.1 %', errorRate < 0.001, `${percent(errorRate)} (${errors} of ${requests})`, {
        errors,
        requests,
      }),
    );
    score(
      verdict(
        'availability >= 99.9 %',
        probed.availability >= 0.999,
        `${percent(probed.availability)} (${probed.failed} of ${probed.asked} failed, longest outage ${probed.longestOutageMs} ms)`,
        { asked: probed.asked, failed: probed.failed, longestOutageMs: probed.longestOutageMs },
      ),
    );

    const timesOf = (/** @type {string} */ name) => ({
      count: metrics.sum(`${name}_count`),
      p95Ms: metrics.quantile(name, 0.95) * 1_000,
    });
    const alone = timesOf('db_query_duration_seconds');
    const transactions = timesOf('db_transaction_duration_seconds');
    score(
      verdict(
        'query p95 < 50 ms',
        alone.p95Ms < 50,
        `${alone.p95Ms.toFixed(1)} ms (${alone.count}); beside them ${transactions.count} transactions, as a whole ${transactions.p95Ms.toFixed(1)} ms`,
        {
          queries: alone.count,
          queryP95Ms: alone.p95Ms,
          transactions: transactions.count,
          transactionP95Ms: transactions.p95Ms,
        },
      ),
    );
    const hits = metrics.sum('cache_reads_total', { outcome: 'hit' });
    const reads = metrics.sum('cache_reads_total');
    score(
      reads === 0
        ? notMeasurable('cache hits > 85 %', 'nothing was read through the cache')
        : verdict(
            'cache hits > 85 %',
            hits / reads > 0.85,
            `${percent(hits / reads)} (${hits} of ${reads} reads)`,
            {
              hits,
              reads,
            },
          ),
    );
  },
};

const percent = (/** @type {number} */ share) => `${(share * 100).toFixed(3)} %`;
