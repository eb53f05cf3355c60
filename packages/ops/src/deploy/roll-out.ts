import { OpsError } from '../errors';
import { DeployRecord } from './deploy-record';
import type { DeployReport, ReleaseProcess } from './deploy-types';
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
import { Traffic } from './traffic';
import { waitUntilReady } from './wait-until-ready';
import { type CanaryWatch, watchCanary, watchPromoted } from './watch-canary';

/** The command line gives an interrupted command ten seconds; two waits of it are so long, in milliseconds. */
const interruptedMs = 3_000;
/** What ends a process sends SIGKILL when its time is up; that takes a moment, too, in milliseconds. */
const killMs = 5_000;

/** One deployment, from the start of the new release to the end of one of both. */
export class RollOut {
  readonly #plan: DeployPlan;
  readonly #slots: Slots;
  readonly #traffic: Traffic;
  readonly #processes: SlotProcesses;
  readonly #log: StepLog;
  readonly #record: DeployRecord;
  /** Aborts when the new release has ended by itself. */
  readonly #fault = new AbortController();
  readonly #signal: AbortSignal;
  #release: ReleaseProcess | undefined;

  constructor(plan: DeployPlan, proxy: HaproxyControl, slots: Slots) {
    this.#plan = plan;
    this.#slots = slots;
    this.#traffic = new Traffic(proxy, slots);
    this.#processes = new SlotProcesses(plan.stateDirectory, plan.proxy.backend);
    this.#log = new StepLog(plan.onProgress);
    this.#record = new DeployRecord(plan, slots, this.#log);
    this.#signal = plan.signal ? AbortSignal.any([plan.signal, this.#fault.signal]) : this.#fault.signal;
  }

  planned(): DeployReport {
    return this.#record.report('planned', this.#slots.active?.name);
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
    return this.#record.report('promoted', this.#slots.idle.name);
  }

  /** What a deployment that was killed has left there. */
  async #clearSlot(): Promise<void> {
    const { idle } = this.#slots;
    this.#plan.signal?.throwIfAborted();
    await this.#traffic.closeIdle();
    const left = this.#processes.of(idle.name);
    if (left && isRunning(left)) {
      this.#log.note(`stopping process ${left.pid}, which another deployment left in ${idle.name}`);
      await endRelease(processOf(left, this.#plan.stopMs), this.#plan.stopMs + killMs);
    }
    await requireFree(idle);
  }

  #start(): Promise<void> {
    const { idle } = this.#slots;
    this.#record.mark('started');
    return this.#log.run('start', async () => {
      const release = await startRelease(this.#plan, idle, this.#processes, this.#signal);
      this.#release = release;
      release.exited.then(
        ({ code, output }) => {
          this.#record.output = output;
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
    this.#record.before = await this.#traffic.look();
    if (!this.#slots.active) return;
    for (const percent of this.#plan.canary.percents) {
      const step = `canary ${percent} %`;
      await this.#log.run(step, async () => {
        const before = await this.#traffic.look();
        this.#record.mark('exposed');
        await this.#traffic.share(percent);
        return watchCanary(before, this.#watch(step, percent));
      });
    }
  }

  async #promote(): Promise<void> {
    const { active, idle } = this.#slots;
    const old = this.#record.countsOf('running');
    const before = await this.#traffic.look();
    await this.#log.run('promote', async () => {
      this.#record.mark('exposed');
      await this.#traffic.promote();
      return `all users to ${idle.name}${active ? `, but one in a hundred while it is watched` : ''}`;
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
      onLook: (look, comparison) => this.#record.compared(look, comparison),
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
        await this.#traffic.drain(active.name);
        const left = await this.#traffic.drained(active.name, drainMs);
        if (!old) {
          this.#record.warnings.push(
            `nobody said how to stop what runs in ${active.name}: it runs on, without users`,
          );
          return `${active.name} has no new users`;
        }
        const isGone = await endRelease(old, stopMs + killMs);
        if (!isGone) throw failure(`${active.name} did not end within ${stopMs.toLocaleString('en')} ms`);
        this.#processes.set(active.name, undefined);
        await this.#traffic.close(active.name);
        return `${active.name} is stopped${left > 0 ? `, with ${left} requests or streams under way` : ''}`;
      })
      .catch((error: unknown) => this.#record.warnings.push(reasonOf(error)));
  }

  async #goBack(error: unknown): Promise<DeployReport> {
    this.#record.mark('detected');
    let serving: string | undefined;
    await this.#log
      .run('roll back', async () => {
        const { active, idle } = this.#slots;
        const { canary, running } = await this.#traffic.look();
        const mayTakeBack = running !== undefined && isHealthy(running);
        if (active && !mayTakeBack && isHealthy(canary) && !this.#fault.signal.aborted) {
          // Better than nobody.
          await this.#traffic.promote();
          serving = idle.name;
          throw failure(
            `${active.name} cannot take the users back (${running?.status}): they stay at ${idle.name}`,
          );
        }
        await this.#traffic.takeBack();
        if (mayTakeBack) {
          this.#record.mark('back');
          serving = active?.name;
        }
        await this.#endCanary();
        return serving === undefined ? 'there is nothing to go back to' : `all users at ${serving}`;
      })
      .catch((trouble: unknown) => this.#record.warnings.push(reasonOf(trouble)));
    const isBack = serving !== undefined && serving === this.#slots.active?.name;
    return this.#record.report(isBack ? 'rolled back' : 'failed', serving, reasonOf(error));
  }

  async #endCanary(): Promise<void> {
    const { idle } = this.#slots;
    const { drainMs, stopMs, signal } = this.#plan;
    if (this.#release) {
      const longest = (ms: number): number => (signal?.aborted ? Math.min(ms, interruptedMs) : ms);
      // One that has ended by itself has nobody left.
      if (!this.#fault.signal.aborted) await this.#traffic.drained(idle.name, longest(drainMs));
      const isGone = await endRelease(this.#release, longest(stopMs + killMs));
      if (isGone) this.#processes.set(idle.name, undefined);
      else this.#record.warnings.push(`the new release in ${idle.name} has not ended yet`);
    }
    await this.#traffic.close(idle.name);
  }
}

function failure(message: string): OpsError {
  return new OpsError('UNITE_OPS_DEPLOY_FAILED', message);
}
