import type { Clock } from '@unite/core';
import type { LifecycleState } from '../types';
import { checkSettings } from './check-settings';
import type { CheckFunction, CheckReport, HealthCheck, HealthReport, HealthStatus } from './health-types';
import { RunningCheck } from './running-check';
import { worstStatus } from './worst-status';

/** For checks on which the answer does not hang, in milliseconds. */
const momentMs = 100;

/** All checks of a process, and what they mean together. */
export class Health {
  readonly #checks: ReadonlyMap<string, RunningCheck>;
  readonly #clock: Clock;

  constructor(checks: Readonly<Record<string, HealthCheck | CheckFunction>>, clock: Clock) {
    this.#clock = clock;
    this.#checks = new Map(
      Object.entries(checks).map(([name, check]) => [
        name,
        new RunningCheck(name, checkSettings(name, check), clock),
      ]),
    );
  }

  /**
   * Asks every check whose answer is too old. Ends when those have answered on which the group hangs, or their time is
   * up; the others are waited for a moment only: what merely degrades must not make readiness late.
   */
  async refresh(group: string): Promise<void> {
    const checks = [...this.#checks.values()];
    const all = Promise.all(checks.map((check) => check.refresh()));
    const needed = checks.filter((check) => check.tellsOf(group) || check.tellsOf('ready'));
    await Promise.all(needed.map((check) => check.refresh()));
    const answered = new AbortController();
    const moment = this.#clock.sleep(momentMs, answered.signal).catch(() => undefined);
    await Promise.race([all, moment]);
    answered.abort();
  }

  /** Asks as well, and is not waited for. */
  refreshSoon(): void {
    for (const check of this.#checks.values()) void check.refresh();
  }

  /** Whether something is known that makes a group useless. */
  knowsDown(group: string): boolean {
    const checks = [...this.#checks.values()];
    return checks.some(
      (check) => check.knowsDown(group) || (group !== 'degraded' && check.knowsDown('ready')),
    );
  }

  /** Whether any check tells of it, or one may that has not answered yet. */
  mayKnow(group: string): boolean {
    return [...this.#checks.values()].some((check) => check.tellsOf(group) || !check.hasAnswered);
  }

  report(state: LifecycleState): HealthReport {
    const checks = Object.fromEntries(Array.from(this.#checks, ([name, check]) => [name, check.report()]));
    const worst = worstByGroup(Object.values(checks));
    const ready: HealthStatus = state === 'ready' ? (worst.get('ready') ?? 'up') : 'down';
    const groups: Record<string, HealthStatus> = { ready };
    for (const [name, status] of worst) {
      // What only degrades is told as it is; every other group needs what all requests need.
      if (name === 'degraded') groups[name] = status;
      else if (name !== 'ready') groups[name] = worstStatus([ready, status]);
    }
    return { state, status: wholeStatus(groups), groups, checks };
  }
}

function worstByGroup(checks: readonly Pick<CheckReport, 'groups'>[]): ReadonlyMap<string, HealthStatus> {
  const worst = new Map<string, HealthStatus>();
  for (const { groups } of checks) {
    for (const [name, status] of Object.entries(groups))
      worst.set(name, worstStatus([worst.get(name) ?? 'up', status]));
  }
  return worst;
}

/** Down is only what can serve nothing. */
function wholeStatus(groups: Readonly<Record<string, HealthStatus>>): HealthStatus {
  if (groups.ready === 'down') return 'down';
  return Object.values(groups).every((status) => status === 'up') ? 'up' : 'degraded';
}
