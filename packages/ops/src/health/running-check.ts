import type { Clock } from '@unite/core';
import { observe } from '@unite/shared';
import type { OpsCheckMessage } from '../channel-types';
import { checkChannel, healthChannel } from '../channels';
import { OpsError } from '../errors';
import type { CheckReport, HealthCheck } from './health-types';
import { type CheckAnswer, failedAnswer, readResult } from './read-result';

/** While a run hangs, the next one begins after this many times the time that it has. */
const patienceFactor = 10;

/** More than these of one check are not remembered. */
const maxGroups = 50;

/** What of a check is set. */
export type CheckSettings = Required<{ [Key in keyof HealthCheck]: NonNullable<HealthCheck[Key]> }>;

/** One check of a process: asked once for all who want to know, and never twice at a time while it answers. */
export class RunningCheck {
  readonly #name: string;
  readonly #settings: CheckSettings;
  readonly #clock: Clock;
  /** Every group that it has told of: when it fails, it fails for all of them. */
  readonly #groups: Set<string>;
  #answer: CheckAnswer | undefined;
  #answeredAtMs = 0;
  /** Resolves with the answer or at the time limit, whichever is first. */
  #asking: Promise<void> | undefined;
  /** Start of the oldest run that has not come to its end. */
  #hangingSinceMs: number | undefined;

  constructor(name: string, settings: CheckSettings, clock: Clock) {
    this.#name = name;
    this.#settings = settings;
    this.#clock = clock;
    this.#groups = new Set([settings.group]);
  }

  get hasAnswered(): boolean {
    return this.#answer !== undefined;
  }

  /** Whether the group hangs on it, as far as it has said. */
  tellsOf(group: string): boolean {
    return this.#groups.has(group);
  }

  /** Resolves when there is an answer that is young enough. Never rejects. */
  refresh(): Promise<void> {
    if (this.#asking) return this.#asking;
    if (this.#isFresh()) return Promise.resolve();
    this.#asking = this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** What is known now; a check that nobody has asked yet is `down`. */
  report(): CheckReport {
    if (!this.#answer) {
      const { group } = this.#settings;
      return { status: 'down', groups: { [group]: 'down' }, detail: 'not asked yet' };
    }
    const untold = Object.fromEntries(Array.from(this.#groups, (name) => [name, 'up' as const]));
    return {
      ...this.#answer,
      groups: { ...untold, ...this.#answer.groups },
      ageMs: Math.round(this.#clock.monotonicMs() - this.#answeredAtMs),
    };
  }

  /** Whether it has answered that the group is down, and not longer ago than it takes to ask again. */
  knowsDown(group: string): boolean {
    const { timeoutMs, maxAgeMs } = this.#settings;
    const ageMs = this.#clock.monotonicMs() - this.#answeredAtMs;
    return this.#answer?.groups[group] === 'down' && ageMs < maxAgeMs + timeoutMs;
  }

  #isFresh(): boolean {
    if (!this.#answer) return false;
    const nowMs = this.#clock.monotonicMs();
    const { timeoutMs, maxAgeMs } = this.#settings;
    if (this.#hangingSinceMs !== undefined) return nowMs - this.#hangingSinceMs < timeoutMs * patienceFactor;
    return nowMs - this.#answeredAtMs < maxAgeMs;
  }

  async #ask(): Promise<void> {
    const { run, group, timeoutMs } = this.#settings;
    const timeIsUp = new AbortController();
    const answered = new AbortController();
    const startedAtMs = this.#clock.monotonicMs();
    this.#hangingSinceMs = startedAtMs;

    const running = observed(this.#name, async (message) => {
      const answer = readResult(await run(timeIsUp.signal), group);
      if (message) message.status = answer.status;
      return answer;
    })
      .catch((error: unknown) => failedAnswer(error, this.#groups))
      .finally(() => {
        if (this.#hangingSinceMs === startedAtMs) this.#hangingSinceMs = undefined;
        answered.abort();
      });
    const timeout = this.#clock.sleep(timeoutMs, answered.signal).then(
      async () => {
        // Where this process was busy for as long, the answer may be there and only unread. One turn of the loop is for
        // the check itself, whose own limit may have come in the same turn as this one.
        for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
        if (answered.signal.aborted) return running;
        const error = new OpsError('UNITE_OPS_CHECK_TIMEOUT', `no answer within ${timeoutMs} ms`);
        timeIsUp.abort(error);
        return failedAnswer(error, this.#groups);
      },
      () => running,
    );
    this.#learn(await Promise.race([running, timeout]));
  }

  #learn(answer: CheckAnswer): void {
    const previous = this.#answer?.status;
    for (const name of Object.keys(answer.groups)) if (this.#groups.size < maxGroups) this.#groups.add(name);
    this.#answer = answer;
    this.#answeredAtMs = this.#clock.monotonicMs();
    if (previous !== answer.status && healthChannel?.hasSubscribers)
      healthChannel.publish({ check: this.#name, status: answer.status, previous });
  }
}

function observed<Result>(
  check: string,
  work: (message: OpsCheckMessage | undefined) => Promise<Result>,
): Promise<Result> {
  return checkChannel?.hasSubscribers
    ? observe(checkChannel, { check } as OpsCheckMessage, work)
    : work(undefined);
}
