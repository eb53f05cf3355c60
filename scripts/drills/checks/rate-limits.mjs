import { verdict } from '../scene/verdict.mjs';
import { withSecondCopy } from '../scene/with-second-copy.mjs';

const calls = 300;

/** Of the plan Free: lib/plans.ts. */
const burst = 50;
const perSecond = 10;

const noAnswer = () => ({ status: 0, headers: new Headers() });

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const rateLimits = {
  name: 'rate-limits',
  about:
    'A tenant on the plan Free calls much faster than it may, over two copies: what is over the limit gets 429.',
  async run(scene, run) {
    await withSecondCopy(scene, run, async () => {
      run.note(`${calls} calls at once`);
      const startedAtMs = performance.now();
      const answers = await Promise.all(
        Array.from({ length: calls }, () =>
          scene.ask('/api/hot-leads', { workspace: 'lantern' }).catch(noAnswer),
        ),
      );
      const tookS = (performance.now() - startedAtMs) / 1_000;
      const passed = answers.filter(({ status }) => status === 200).length;
      const refused = answers.filter(({ status }) => status === 429);
      const complete = refused.filter(
        ({ headers }) =>
          Number(headers.get('retry-after')) > 0 &&
          headers.has('ratelimit') &&
          headers.has('ratelimit-policy'),
      ).length;
      const most = burst + Math.ceil(perSecond * tookS);
      run.score(
        verdict(
          'rate limits are enforced, and refusals say when to come again',
          passed <= most && refused.length > 0 && complete === refused.length,
          `${passed} passed of at most ${most} in ${tookS.toFixed(1)} s; ${complete} of ${refused.length} refusals were complete`,
          { calls, passed, most, refused: refused.length, complete },
        ),
      );
    });
  },
};
