import { verdict } from '../scene/verdict.mjs';

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const rollingDeployments = {
  name: 'rolling-deployments',
  about: 'Good builds are deployed one after the other: no request is lost.',
  timeoutMs: 10 * 60_000,
  async run({ load, deployer, deployments }, run) {
    const mark = load.mark();
    let promoted = 0;
    for (let count = 1; count <= deployments; count += 1) {
      run.note(`deployment ${count} of ${deployments}`);
      const report = await deployer.deploy({ release: `good-${count}`, note: run.note, signal: run.signal });
      if (report.outcome === 'promoted') promoted += 1;
      else run.note(`not promoted: ${report.reason}`);
    }
    const { requests, errors } = await load.since(mark);
    run.score(
      verdict('good builds are promoted', promoted === deployments, `${promoted} of ${deployments}`, {
        promoted,
        deployments,
      }),
    );
    run.score(
      verdict(
        'zero requests lost over deployments',
        errors === 0 && requests > 0,
        `${errors} of ${requests} lost in ${deployments} deployments`,
        { requests, errors, deployments },
      ),
    );
  },
};
