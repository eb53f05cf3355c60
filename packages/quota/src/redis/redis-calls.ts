import { setTimeout as sleep } from 'node:timers/promises';
import { describeValue } from '@unite/shared';
import type { RedisSender } from '@unite/shared/redis';
import { QuotaError } from '../errors';
import { type CallDeadline, CallDeadlines } from './call-deadlines';
import type { Script } from './scripts/script';

/** After this long without any answer the connection is taken for dead, in milliseconds; ±20 %, so that a fleet comes back one by one. */
const silenceMs = 3_000;

/** A connection that is on its way is looked for this often, in milliseconds. */
const readyPollMs = 5;

/** What a script answers. */
export type ScriptReply = readonly number[];

/** Runs scripts, each with a deadline of its own, whatever the client does about a server that has stopped. */
export class RedisCalls {
  readonly #sender: RedisSender;
  readonly #timeoutMs: number;
  readonly #maxInFlight: number;
  readonly #deadlines: CallDeadlines;
  #inFlight = 0;
  #isOpen: boolean;
  #opening: Promise<unknown> | undefined;
  #silentSinceMs: number | undefined;

  constructor(sender: RedisSender, limits: { readonly timeoutMs: number; readonly maxInFlight: number }) {
    this.#sender = sender;
    this.#isOpen = !sender.connect;
    this.#timeoutMs = limits.timeoutMs;
    this.#maxInFlight = limits.maxInFlight;
    this.#deadlines = new CallDeadlines(limits.timeoutMs);
  }

  /**
   * Runs a script where its first key lies.
   *
   * @param keys all on one slot
   * @param told its one argument
   * @param read makes of the answer what is wanted
   * @throws QuotaError `UNITE_QUOTA_UNAVAILABLE`
   */
  run<Result>(
    script: Script,
    keys: readonly string[],
    told: string,
    read: (reply: ScriptReply) => Result,
  ): Promise<Result> {
    if (this.#inFlight >= this.#maxInFlight) {
      if (this.#silentSinceMs !== undefined) this.#unheard();
      return Promise.reject(unavailable(`${this.#inFlight} calls are under way already`));
    }
    this.#inFlight += 1;
    return new Promise((resolve, reject) => {
      const deadline = this.#deadlines.begin(() => {
        reject(unavailable(`Redis did not answer within ${this.#timeoutMs} ms`));
        this.#unheard();
      });
      const settle = (): void => {
        if (!deadline.isOver) this.#deadlines.meet(deadline);
        this.#inFlight -= 1;
        this.#silentSinceMs = undefined;
      };
      const fail = (error: unknown): void => {
        settle();
        reject(unavailable(error instanceof Error ? error.message : String(error), { cause: error }));
      };
      const answer = (reply: unknown): void => {
        if (!Array.isArray(reply)) {
          fail(new TypeError(`Redis answered ${describeValue(reply)} to a script`));
          return;
        }
        settle();
        // Large numbers come as text, and a client may give all of them so.
        resolve(read(reply.map(Number)));
      };
      const count = String(keys.length);
      this.#send(['EVALSHA', script.sha, count, ...keys, told], deadline).then(answer, (error: unknown) => {
        if (deadline.isOver || !isNoScript(error)) fail(error);
        else this.#send(['EVAL', script.text, count, ...keys, told], deadline).then(answer, fail);
      });
    });
  }

  async close(): Promise<void> {
    await this.#sender.close?.();
  }

  /** Each promise that stands between costs as much as a limit: none does where the connection is open. */
  #send(command: readonly string[], deadline: CallDeadline): Promise<unknown> {
    if (!this.#isOpen || this.#sender.isReady?.() === false) return this.#sendLater(command, deadline);
    try {
      return Promise.resolve(this.#sender.send(command, { key: command[3] as string, bytes: false }));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #sendLater(command: readonly string[], deadline: CallDeadline): Promise<unknown> {
    if (!this.#isOpen) await this.#open();
    while (!deadline.isOver && this.#sender.isReady?.() === false) await sleep(readyPollMs);
    // Nobody waits for it any more, and it would be charged.
    return deadline.isOver ? [] : this.#sender.send(command, { key: command[3] as string, bytes: false });
  }

  /** A client that cannot connect goes on trying; whoever comes meanwhile is told by his own deadline. */
  async #open(): Promise<void> {
    this.#opening ??= this.#sender.connect?.().then(
      () => {
        this.#isOpen = true;
      },
      (error: unknown) => {
        this.#opening = undefined;
        throw error;
      },
    );
    await this.#opening;
  }

  /** A half-open connection stays so for many minutes, if nobody ends it. */
  #unheard(): void {
    const nowMs = performance.now();
    this.#silentSinceMs ??= nowMs;
    if (nowMs - this.#silentSinceMs < silenceMs * (0.8 + 0.4 * Math.random())) return;
    this.#silentSinceMs = nowMs;
    this.#sender.reconnect?.().catch(() => undefined);
  }
}

function unavailable(text: string, options?: ErrorOptions): QuotaError {
  return new QuotaError('UNITE_QUOTA_UNAVAILABLE', text, options);
}

function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.includes('NOSCRIPT');
}
