import { verdict } from '../scene/verdict.mjs';
import { withSecondCopy } from '../scene/with-second-copy.mjs';

const injected = 20;

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const errorsCaptured = {
  name: 'errors-captured',
  about: 'Errors are thrown in two copies: each is captured and counted once, and its answer names it.',
  async run(scene, run) {
    const { ask, metrics } = scene;
    await withSecondCopy(scene, run, async () => {
      await metrics.refresh();
      const before = metrics.sum('apm_errors_total', { type: 'TypeError' });
      run.note(`throwing ${injected} errors`);
      const answers = [];
      for (let index = 0; index < injected; index += 1) {
        answers.push(await ask('/api/ops/errors', { method: 'POST' }));
      }
      const captured = () => metrics.sum('apm_errors_total', { type: 'TypeError' }) - before;
      await metrics.until(() => captured() >= injected, run.signal);
      const named = new Set(answers.map(({ json }) => json.eventId).filter(Boolean)).size;
      run.score(
        verdict(
          'every injected error is captured, once',
          captured() === injected && named === injected,
          `${captured()} counted and ${named} named, of ${injected}`,
          { injected, captured: captured(), named },
        ),
      );
    });
  },
};
