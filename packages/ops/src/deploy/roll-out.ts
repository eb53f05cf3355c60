import { OpsError } from '../errors';
import { countsBetween } from './counts-between';
import type { Comparison, DeployReport, ReleaseProcess } from './deploy-types';
import { endRelease, requireFree } from './end-release';
import type { Slots } from './find-slots';
import type { HaproxyControl } from './haproxy/haproxy-control';
import { isHealthy } from './haproxy/proxy-server';
import type { DeployPlan } from './plan-deploy';
import { isRunning, processOf } from './process-id';
import { reasonOf } from './reason-of';
import { runGate } from './run-gate';
import { SlotProcesses } from './slot-processes';
import { startRelease } from './start-release';
import { StepLog } from './step-log';
import { type Look, Traffic } from './traffic';
import { waitUntilReady } from './wait-until-ready';
import { type CanaryWatch, watchCanary, watchPromoted } from './watch-canary';

/** The command line gives an interrupted command ten seconds, in milliseconds. */
const interruptedStopMs = 4_000;

/** One deployment, from the start of the new release to the end of one of both. */
export class RollOut {
  readonly #plan: DeployPlan;
  readonly #slots: Slots;
  readonly #traffic: Traffic;
  readonly #processes: SlotProcesses;
  readonly #log: StepLog;
  readonly #startedAtMs = Date.now();
  /** Aborts when the new release has ended by itself. */
  readonly #fault = new AbortController();
  readonly #signal: AbortSignal;
  readonly #comparisons = new Map<string, Comparison>();
  readonly #warnings: string[] = [];
  #release: ReleaseProcess | undefined;
  #output: string | undefined;
  #releaseAtMs = 0;
  #exposedAtMs: number | undefined;
  #detectedAtMs: number | undefined;
  #backAtMs: number | undefined;
  #before: Look | undefined;
  #last: Look | undefined;

  constructor(plan: DeployPlan, proxy: HaproxyControl, slots: Slots) {
    this.#plan = plan;
    this.#slots = slots;
    this.#traffic = new Traffic(proxy, slots);
    this.#processes = new SlotProcesses(plan.stateDirectory, plan.proxy.backend);
    this.#log = new StepLog(plan.onProgress);
    this.#signal = plan.signal ? AbortSignal.any([plan.signal, this.#fault.signal]) : this.#fault.signal;
  }

  planned(): DeployReport {
    return this.#report('planned', this.#slots.active?.name);
  }

  /** @throws OpsError only while nothing has been started */
  async run(): Promise<DeployReport> {
    await this.#clearSlot();
    try {
      await this.#start();
      await this.#becomeReady();
      await this.#compare();
      await this.#promote();
    } catch (error) {
      return this.#goBack(error);
    }
    await this.#retire();
    return this.#report('promoted', this.#slots.idle.name);
  }

  /** What a deployment that was killed has left there. */
  async #clearSlot(): Promise<void> {
    const { idle } = this.#slots;
    this.#plan.signal?.throwIfAborted();
    await this.#traffic.closeIdle();
    const left = this.#processes.of(idle.name);
    if (left && isRunning(left)) {
      this.#log.note(`stopping process ${left.pid}, which another deployment left in ${idle.name}`);
      await endRelease(processOf(left, this.#plan.stopMs), this.#plan.stopMs);
    }
    await requireFree(idle);
  }

  #start(): Promise<void> {
    const { idle } = this.#slots;
    this.#releaseAtMs = this.#log.elapsedMs();
    return this.#log.run('start', async () => {
      const release = await startRelease(this.#plan, idle, this.#processes, this.#signal);
      this.#release = release;
      release.exited.then(
        ({ code, output }) => {
          this.#output = output;
          this.#fault.abort(failure(`the new release ended by itself (${code})`));
        },
        (error: unknown) => this.#fault.abort(error),
      );
      return `${this.#plan.release} in ${idle.name}, ${idle.host}:${idle.port}`;
    });
  }

  async #becomeReady(): Promise<void> {
    const { readiness, gate, scheme } = this.#plan;
    await this.#log.run('readiness', async () => {
      const detail = await waitUntilReady(this.#slots.idle, this.#plan, this.#signal);
      await this.#traffic.untilHealthy(readiness.timeoutMs, this.#signal);
      return detail;
    });
    if (!gate) return;
    await this.#log.run('gate', () => runGate(this.#slots.idle, gate, scheme, this.#signal));
  }

  /** Without a running release there is nothing to compare with. */
  async #compare(): Promise<void> {
    this.#before = await this.#traffic.look();
    if (!this.#slots.active) return;
    for (const percent of this.#plan.canary.percents) {
      const step = `canary ${percent} %`;
      await this.#log.run(step, async () => {
        const before = await this.#traffic.look();
        this.#exposedAtMs ??= this.#log.elapsedMs();
        await this.#traffic.share(percent);
        return watchCanary(before, this.#watch(step, percent));
      });
    }
  }

  async #promote(): Promise<void> {
    const { active, idle } = this.#slots;
    const old = this.#countsOf('running');
    const before = await this.#traffic.look();
    await this.#log.run('promote', async () => {
      this.#exposedAtMs ??= this.#log.elapsedMs();
      await this.#traffic.promote();
      return `all users to ${idle.name}`;
    });
    if (this.#plan.watchMs === 0) return;
    const watch = { ...this.#watch('watch', 100), old: active && old };
    await this.#log.run('watch', () => watchPromoted(before, this.#plan.watchMs, watch));
  }

  #watch(step: string, percent: number): CanaryWatch {
    return {
      step,
      percent,
      traffic: this.#traffic,
      settings: this.#plan.canary,
      signal: this.#signal,
      onLook: (look, comparison) => {
        this.#last = look;
        this.#comparisons.set(step, comparison);
      },
    };
  }

  /** The new release stands. What goes wrong with the old one is only told. */
  async #retire(): Promise<void> {
    const { active } = this.#slots;
    if (!active) return;
    const { running, drainMs, stopMs } = this.#plan;
    const known = this.#processes.of(active.name);
    const old = running ?? (known && processOf(known, stopMs));
    await this.#log
      .run('retire', async () => {
        const left = await this.#traffic.drained(active.name, drainMs);
        if (!old) {
          this.#warnings.push(
            `nobody said how to stop what runs in ${active.name}: it runs on, without users`,
          );
          return `${active.name} has no new users`;
        }
        const isGone = await endRelease(old, stopMs);
        if (!isGone) throw failure(`${active.name} did not end within ${stopMs.toLocaleString('en')} ms`);
        this.#processes.set(active.name, undefined);
        await this.#traffic.close(active.name);
        return `${active.name} is stopped${left > 0 ? `, with ${left} requests or streams under way` : ''}`;
      })
      .catch((error: unknown) => this.#warnings.push(reasonOf(error)));
  }

  async #goBack(error: unknown): Promise<DeployReport> {
    this.#detectedAtMs = this.#log.elapsedMs();
    const reason = reasonOf(error);
    let serving: string | undefined;
    let isBack = false;
    await this.#log
      .run('roll back', async () => {
        const { active, idle } = this.#slots;
        const look = await this.#traffic.look();
        if (active && look.running && !isHealthy(look.running) && isHealthy(look.canary)) {
          // Better than nobody.
          await this.#traffic.promote();
          serving = idle.name;
          throw failure(
            `${active.name} cannot take the users back (${look.running.status}): they stay at ${idle.name}`,
          );
        }
        await this.#traffic.takeBack();
        this.#backAtMs = this.#log.elapsedMs();
        serving = active?.name;
        isBack = active !== undefined;
        await this.#endCanary();
        return active ? `all users at ${active.name}` : 'there is nothing to go back to';
      })
      .catch((trouble: unknown) => this.#warnings.push(reasonOf(trouble)));
    return this.#report(isBack ? 'rolled back' : 'failed', serving, reason);
  }

  async #endCanary(): Promise<void> {
    const { idle } = this.#slots;
    const isInterrupted = this.#plan.signal?.aborted ?? false;
    const longest = (ms: number): number => (isInterrupted ? Math.min(ms, interruptedStopMs) : ms);
    if (!this.#release) return this.#traffic.close(idle.name);
    // One that has ended by itself has nobody left.
    if (!this.#fault.signal.aborted) await this.#traffic.drained(idle.name, longest(this.#plan.drainMs));
    const isGone = await endRelease(this.#release, longest(this.#plan.stopMs));
    if (!isGone) this.#warnings.push(`the new release in ${idle.name} could not be stopped`);
    this.#processes.set(idle.name, undefined);
    await this.#traffic.close(idle.name);
  }

  #countsOf(release: 'canary' | 'running') {
    const [before, last] = [this.#before?.[release], this.#last?.[release]];
    return before && last && countsBetween(before, last);
  }

  #report(outcome: DeployReport['outcome'], serving: string | undefined, reason?: string): DeployReport {
    const { active, idle } = this.#slots;
    const counts = {
      [idle.name]: this.#countsOf('canary'),
      ...(active && { [active.name]: this.#countsOf('running') }),
    };
    const sinceStart = (atMs: number | undefined) =>
      atMs === undefined ? undefined : atMs - this.#releaseAtMs;
    const exposedMs =
      this.#exposedAtMs !== undefined && this.#backAtMs !== undefined
        ? this.#backAtMs - this.#exposedAtMs
        : undefined;
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
      requests: Object.fromEntries(
        Object.entries(counts).filter(([, value]) => value !== undefined),
      ) as DeployReport['requests'],
      comparisons: [...this.#comparisons.values()],
      reason,
      output: this.#output,
      detectedAfterMs: sinceStart(this.#detectedAtMs),
      rolledBackAfterMs: sinceStart(this.#backAtMs),
      exposedMs,
      interrupted: this.#plan.signal?.aborted ?? false,
      warnings: this.#warnings,
    };
  }
}

function failure(message: string): OpsError {
  return new OpsError('UNITE_OPS_DEPLOY_FAILED', message);
}
