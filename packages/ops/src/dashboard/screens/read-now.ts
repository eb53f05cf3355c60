import { cut, cutIfThere } from '../collect/cut';
import { pulseSeconds } from '../collect/pulse';
import type { HealthPanel, NowScreen } from '../screen-types';
import type { ApmSource, LifecycleSource } from '../source-types';
import { readReleases } from './read-releases';
import { readVerdicts } from './read-verdicts';
import type { ScreenSources } from './screen-source-types';

/** How long an answer of health is waited for; what is known then is shown. */
const healthPatienceMs = 1_000;

/** Is it healthy? If not, where? */
export async function readNow(sources: ScreenSources): Promise<NowScreen> {
  const { collectors, verifiers, options, clock } = sources;
  verifiers.look();
  const sinceMs = clock.wallMs() - pulseSeconds * 1_000;
  return {
    verdicts: readVerdicts(sources),
    pulse: collectors.pulse.seconds(),
    releases: readReleases(sources)
      .rows.filter(({ atMs }) => atMs >= sinceMs)
      .map(({ atMs, release }) => ({ atMs, release })),
    latencyGoal: latencyGoalOf(options.apm),
    health: options.lifecycle && (await readHealth(options.lifecycle, sources)),
    findings: verifiers.findings,
  };
}

/** The objective that holds for every route, as far as there is one. */
function latencyGoalOf(apm: ApmSource | undefined): NowScreen['latencyGoal'] {
  const goal = apm?.slos().find(({ slo }) => slo.route === '*' && slo.underMs !== undefined)?.slo;
  return goal?.underMs === undefined ? undefined : { name: cut(goal.name, 100), underMs: goal.underMs };
}

async function readHealth(lifecycle: LifecycleSource, { clock }: ScreenSources): Promise<HealthPanel> {
  const late = new AbortController();
  const patience = clock.sleep(healthPatienceMs, late.signal).catch(() => undefined);
  await Promise.race([lifecycle.health().catch(() => undefined), patience]);
  late.abort();
  const { state, groups, checks } = lifecycle.healthNow();
  return {
    state,
    groups,
    checks: Object.entries(checks).map(([name, { status, detail, ageMs }]) => ({
      name,
      status,
      detail: cutIfThere(detail, 200),
      ageMs,
    })),
  };
}
