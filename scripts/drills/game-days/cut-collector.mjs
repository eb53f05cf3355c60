import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../scene/until.mjs';
import { notMeasurable, verdict } from '../scene/verdict.mjs';

/** Spans that were not taken: refused, late, or found the queue full. */
const lostMetric = 'tracing_spans_lost_total';
const requests = 20;

/** Longer than spans are tried to be sent, and than the metrics are behind. */
const settleMs = 45_000;

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const cutCollector = {
  name: 'cut-collector',
  about:
    'The collector of traces refuses, then hangs: nobody waits for it, and each trace comes late or is counted as lost.',
  async run({ stack, ask, load, metrics, windowMs }, run) {
    const { proxy, traceIds } = stack.receiver;
    run.undo(() => proxy.set('pass'));
    await metrics.refresh();
    const lostBefore = metrics.sum(lostMetric);
    const mark = load.mark();
    /** @type {string[]} */
    const ids = [];
    for (const fault of /** @type {const} */ (['refuse', 'blackhole'])) {
      run.note(`the collector: ${fault}`);
      await proxy.set(fault);
      proxy.resetAll();
      for (let index = 0; index < requests; index += 1) {
        const { headers } = await ask('/api/hot-leads');
        ids.push(headers.get('traceresponse')?.split('-')[1] ?? '');
      }
      await sleep(windowMs, undefined, { signal: run.signal });
    }
    const seen = await load.since(mark);
    run.score(
      verdict(
        'a lost collector fails no request, p95 < 200 ms',
        seen.errors === 0 && seen.p95Ms < 200,
        `${seen.errors} of ${seen.requests} failed, p95 ${seen.p95Ms} ms`,
        seen,
      ),
    );

    run.note('the collector is back');
    await proxy.set('pass');
    const spansBefore = stack.receiver.spans;
    const tookMs = await until('traces come again', () => stack.receiver.spans > spansBefore, run);
    run.score(
      verdict('traces come again by themselves', true, `after ${(tookMs / 1_000).toFixed(1)} s`, { tookMs }),
    );

    const promise = 'spans that the collector did not take are counted';
    if (!metrics.names.has(lostMetric))
      return run.score(notMeasurable(promise, `/metrics has no ${lostMetric}`));
    const late = () => ids.filter((id) => traceIds.has(id)).length;
    const lost = () => metrics.sum(lostMetric) - lostBefore;
    const isSettled = () => late() === ids.length || lost() > 0;
    await until('each is here or counted', isSettled, { signal: run.signal, timeoutMs: settleMs }).catch(
      () => {},
    );
    run.score(
      verdict(
        promise,
        isSettled(),
        `${late()} of ${ids.length} traces came late, ${lost()} spans are counted as lost`,
        {
          traces: ids.length,
          late: late(),
          lost: lost(),
        },
      ),
    );
  },
};
