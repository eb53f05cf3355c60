import { countsBetween } from './counts-between';
import type { Comparison, DeployReport, ReleaseCounts } from './deploy-types';
import type { Slots } from './find-slots';
import type { DeployPlan } from './plan-deploy';
import type { StepLog } from './step-log';
import type { Look } from './traffic';

/** Moments that are told from the start of the new release. */
type Moment = 'started' | 'exposed' | 'detected' | 'back';

/** What a deployment comes to, while it goes on. */
export class DeployRecord {
  readonly warnings: string[] = [];
  /** The counters before the first user was sent to the new release. */
  before: Look | undefined;
  output: string | undefined;
  readonly #plan: DeployPlan;
  readonly #slots: Slots;
  readonly #log: StepLog;
  readonly #startedAtMs = Date.now();
  readonly #moments = new Map<Moment, number>();
  readonly #comparisons = new Map<string, Comparison>();
  #last: Look | undefined;

  constructor(plan: DeployPlan, slots: Slots, log: StepLog) {
    this.#plan = plan;
    this.#slots = slots;
    this.#log = log;
  }

  /** The first time counts. */
  mark(moment: Moment): void {
    if (!this.#moments.has(moment)) this.#moments.set(moment, this.#log.elapsedMs());
  }

  /** Of a step the last comparison counts. */
  compared(look: Look, comparison: Comparison): void {
    this.#last = look;
    this.#comparisons.set(comparison.step, comparison);
  }

  /** Since the first user was sent to the new release. */
  countsOf(release: 'canary' | 'running'): ReleaseCounts | undefined {
    const [before, last] = [this.before?.[release], this.#last?.[release]];
    return before && last && countsBetween(before, last);
  }

  report(outcome: DeployReport['outcome'], serving: string | undefined, reason?: string): DeployReport {
    const { active, idle } = this.#slots;
    const [canary, running] = [this.countsOf('canary'), this.countsOf('running')];
    return {
      outcome,
      release: this.#plan.release,
      deployment: this.#plan.deployment,
      from: active?.name,
      to: idle.name,
      serving,
      startedAtMs: this.#startedAtMs,
      durationMs: this.#log.elapsedMs(),
      steps: this.#log.steps,
      requests: {
        ...(canary && { [idle.name]: canary }),
        ...(active && running && { [active.name]: running }),
      },
      comparisons: [...this.#comparisons.values()],
      reason,
      output: this.output,
      detectedAfterMs: this.#between('started', 'detected'),
      rolledBackAfterMs: this.#between('started', 'back'),
      exposedMs: this.#between('exposed', 'back'),
      interrupted: this.#plan.signal?.aborted ?? false,
      warnings: this.warnings,
    };
  }

  #between(from: Moment, to: Moment): number | undefined {
    const [fromMs, toMs] = [this.#moments.get(from), this.#moments.get(to)];
    return fromMs === undefined || toMs === undefined ? undefined : toMs - fromMs;
  }
}
