import { ask } from '../scene/ask.mjs';
import { startCopyOnFullDisk } from '../scene/start-copy-on-full-disk.mjs';
import { until } from '../scene/until.mjs';
import { notMeasurable, verdict } from '../scene/verdict.mjs';

const requests = 200;
const failures = 50;

/** Lines of the log that could not be written. */
const lostMetric = 'log_lines_lost_total';

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const fullDisk = {
  name: 'full-disk',
  about:
    'A copy whose log, and whatever else it writes, meets a full disk: it goes on, and counts what it drops.',
  async run({ root, stack }, run) {
    run.note('starting a copy that can write no byte');
    const copy = await startCopyOnFullDisk({ root, env: stack.env });
    run.undo(() => copy.stop());
    await until('the copy is ready', async () => copy.hasEnded() || (await isReady(copy.origin)), run);
    run.note(`${failures} failures that it logs, ${requests} requests`);
    let answered = 0;
    for (let index = 0; index < requests; index += 1) {
      if (index % (requests / failures) === 0) await fail(copy.origin);
      const { status } = await ask(copy.origin, '/api/contacts').catch(() => ({ status: 0 }));
      if (status === 200) answered += 1;
    }
    run.score(
      verdict(
        'a full disk of the log stops no request',
        answered === requests && !copy.hasEnded(),
        copy.hasEnded()
          ? 'the copy ended'
          : `${answered} of ${requests} answered, with ${failures} failures to log`,
        { answered, requests },
      ),
    );
    const { text } = await ask(copy.origin, '/metrics').catch(() => ({ text: '' }));
    const count = new RegExp(`^${lostMetric}\\S* (\\d+)`, 'm').exec(text)?.[1];
    run.score(
      count === undefined
        ? notMeasurable('log lines that are lost are counted', `/metrics has no ${lostMetric}`)
        : verdict('log lines that are lost are counted', Number(count) >= failures, `${count} lines`, {
            lost: Number(count),
          }),
    );
  },
};

const isReady = (/** @type {string} */ origin) =>
  ask(origin, '/health/ready').then(
    ({ status }) => status === 200,
    () => false,
  );

/** An error that the application writes into its log. */
const fail = (/** @type {string} */ origin) =>
  ask(origin, '/api/ops/errors', { method: 'POST' }).catch(() => undefined);
