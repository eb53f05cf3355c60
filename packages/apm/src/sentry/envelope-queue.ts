import { AsyncLocalStorage } from 'node:async_hooks';
import { disabledUntil, type RateLimits, updateRateLimits } from '@sentry/core';
import type { Clock } from '@unite/core';
import { endsWithin, warnOnce } from '@unite/shared';
import type { DropReason, SinkStats } from '../sink-types';
import { type Answer, type Fetch, postEnvelope } from './post-envelope';
import type { Spool, SpooledFile } from './spool';

/** What receivers limit apart from each other. */
export type EnvelopeCategory = 'error' | 'feedback' | 'session' | 'replay';

/** An envelope, ready for the wire. */
export interface QueuedEnvelope {
  /** Of its event. */
  readonly id: string;
  readonly category: EnvelopeCategory;
  /** Whether it displaces another where the queue is full. */
  readonly isUrgent: boolean;
  /** Makes what goes over the wire: only where there is room for it. */
  readonly build: () => Uint8Array;
}

export interface EnvelopeQueueOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
  readonly maxQueued: number;
  readonly maxQueuedBytes: number;
  readonly spool: Spool | undefined;
}

/** In memory, on disk, or both. */
interface Entry {
  readonly category: EnvelopeCategory;
  readonly id: string;
  readonly isUrgent: boolean;
  readonly bytes: Uint8Array | undefined;
  /** After this it is not tried again. */
  readonly expiresAtMs: number;
  file?: SpooledFile;
}

/** Requests under way at a time; one alone while the receiver fails. */
const maxRequests = 4;
const maxAgeMs = 15 * 60_000;
const maxFileAgeMs = 7 * 24 * 3_600_000;
/** Failing for so long is told. */
const warnAfterMs = 30_000;
const maxPauseMs = 30_000;

/**
 * Envelopes that wait to be sent: bounded, and each of them accounted for. While the receiver fails one request at a time
 * looks whether it is back, at growing distances; what the receiver says about its limits is kept to.
 */
export class EnvelopeQueue {
  readonly #options: EnvelopeQueueOptions;
  /** What the files of earlier runs hold stays on disk until its turn comes. */
  #waiting: Entry[] = [];
  readonly #underWay = new Map<Entry, AbortController>();
  readonly #flushes = new Set<{ readonly open: Set<Entry>; readonly end: () => void }>();
  /** Neither requests to the receiver nor timers belong to the request whose error was the first. */
  readonly #outsideOfRequests = AsyncLocalStorage.snapshot();
  #bytes = 0;
  #inMemory = 0;
  #limits: RateLimits = {};
  #failures = 0;
  #failingSinceMs: number | undefined;
  #pausedUntilMs = 0;
  #isScheduled = false;
  #timer: AbortController | undefined;
  #closing: Promise<void> | undefined;
  #isEnded = false;

  #accepted = 0;
  #sent = 0;
  readonly #dropped: Partial<Record<DropReason, number>> = {};

  constructor(options: EnvelopeQueueOptions) {
    this.#options = options;
    const claimed = options.spool?.claim();
    if (!claimed) return;
    this.#accepted = claimed.files.length + claimed.damaged;
    this.#countDropped('refused', claimed.damaged);
    for (const file of claimed.files) {
      const expiresAtMs = file.keptAtMs + maxFileAgeMs;
      this.#waiting.push({ ...file, isUrgent: false, bytes: undefined, expiresAtMs, file });
    }
    this.#schedule();
  }

  /** @returns why it was not taken */
  push({ id, category, isUrgent, build }: QueuedEnvelope): DropReason | undefined {
    this.#accepted += 1;
    // A flood that finds the queue full is not worth an envelope each.
    const early = isUrgent ? undefined : this.#refusal(category, false, 1);
    if (early) return this.#refuse(early);
    const bytes = build();
    const refusal = this.#refusal(category, isUrgent, bytes.byteLength);
    if (refusal) return this.#refuse(refusal);
    const expiresAtMs = this.#options.clock.wallMs() + maxAgeMs;
    this.#inMemory += 1;
    this.#bytes += bytes.byteLength;
    this.#waiting.push({ id, category, isUrgent, bytes, expiresAtMs });
    this.#schedule();
    return undefined;
  }

  /** Writes what waits to disk, where there is one. It may still be sent, and then its file goes. */
  keep(): void {
    const { spool, clock } = this.#options;
    if (!spool) return;
    const open = this.#open().flatMap((entry) =>
      entry.bytes && !entry.file
        ? [{ entry, id: entry.id, category: entry.category, bytes: entry.bytes }]
        : [],
    );
    const files = spool.keep(open, clock.wallMs());
    for (const [index, { entry }] of open.entries()) {
      const file = files[index];
      if (file) entry.file = file;
    }
    const owners = new Map(this.#open().map((entry) => [entry.file?.name, entry]));
    for (const name of spool.trim()) {
      const entry = owners.get(name);
      if (entry) this.#drop(entry, 'queue-full');
      else {
        this.#accepted += 1;
        this.#countDropped('queue-full');
      }
    }
  }

  async flush(timeoutMs: number): Promise<void> {
    const open = new Set(this.#open());
    if (open.size === 0) return;
    // There may be no later time, so what was put off is tried now.
    this.#pausedUntilMs = 0;
    this.#schedule();
    let end = () => {};
    const settled = new Promise<void>((resolve) => {
      end = resolve;
    });
    const flush = { open, end };
    this.#flushes.add(flush);
    await endsWithin(settled, timeoutMs, this.#options.clock);
    this.#flushes.delete(flush);
  }

  close(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  stats(): SinkStats {
    const queued = this.#waiting.length + this.#underWay.size;
    return { accepted: this.#accepted, sent: this.#sent, queued, dropped: { ...this.#dropped } };
  }

  async #close(timeoutMs: number): Promise<void> {
    await this.flush(timeoutMs);
    this.#isEnded = true;
    if (this.#failingSinceMs !== undefined && this.#open().length > 0) this.#warnUnreachable();
    this.#timer?.abort();
    this.keep();
    for (const ending of this.#underWay.values()) ending.abort();
    // What is on disk is for the next run.
    for (const entry of this.#open()) if (!entry.file) this.#drop(entry, 'closed');
  }

  #open(): Entry[] {
    return [...this.#underWay.keys(), ...this.#waiting];
  }

  #refuse(reason: DropReason): DropReason {
    this.#countDropped(reason);
    return reason;
  }

  #refusal(category: Entry['category'], isUrgent: boolean, bytes: number): DropReason | undefined {
    const { maxQueued, maxQueuedBytes, clock } = this.#options;
    if (this.#closing) return 'closed';
    if (bytes > maxQueuedBytes) return 'too-large';
    const isFull = () => this.#inMemory >= maxQueued || this.#bytes + bytes > maxQueuedBytes;
    const reason = disabledUntil(this.#limits, category) > clock.wallMs() ? 'rate-limited' : 'queue-full';
    while (isFull()) {
      const displaced = isUrgent && this.#waiting.find((one) => one.bytes && !one.isUrgent);
      if (!displaced) return reason;
      this.#drop(displaced, reason);
    }
    return undefined;
  }

  /** Not in the midst of what a request does. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#outsideOfRequests(() =>
      setImmediate(() => {
        this.#isScheduled = false;
        this.#pump();
      }),
    );
  }

  #pump(): void {
    if (this.#isEnded) return;
    const nowMs = this.#options.clock.wallMs();
    this.#timer?.abort();
    for (const entry of this.#waiting.filter(({ expiresAtMs }) => expiresAtMs <= nowMs)) {
      const isLimited = this.#limitedUntilMs(entry) > nowMs;
      this.#drop(entry, isLimited ? 'rate-limited' : 'unreachable');
      if (!isLimited) this.#warnUnreachable();
    }
    for (const entry of this.#waiting.filter((one) => this.#dueAtMs(one) <= nowMs)) {
      if (this.#underWay.size >= (this.#failures > 0 ? 1 : maxRequests)) return;
      this.#send(entry);
    }
    const nextAtMs = Math.min(...this.#waiting.map((one) => Math.min(one.expiresAtMs, this.#dueAtMs(one))));
    if (this.#underWay.size === 0 && nextAtMs < Number.POSITIVE_INFINITY) this.#wakeIn(nextAtMs - nowMs);
  }

  #limitedUntilMs({ category }: Entry): number {
    return disabledUntil(this.#limits, category);
  }

  #dueAtMs(entry: Entry): number {
    return Math.max(this.#pausedUntilMs, this.#limitedUntilMs(entry));
  }

  #wakeIn(ms: number): void {
    const timer = new AbortController();
    this.#timer = timer;
    this.#options.clock.sleep(ms, timer.signal).then(
      () => this.#schedule(),
      () => {},
    );
  }

  async #send(entry: Entry): Promise<void> {
    const { spool, clock } = this.#options;
    this.#waiting.splice(this.#waiting.indexOf(entry), 1);
    const ending = new AbortController();
    this.#underWay.set(entry, ending);
    const bytes = entry.bytes ?? spool?.read(entry.file?.name ?? '', clock.wallMs());
    if (!bytes) return this.#drop(entry, 'refused');
    const startedAtMs = clock.wallMs();
    const answer = await postEnvelope(this.#options, bytes, ending);
    // Closed while it was under way.
    if (!this.#underWay.has(entry)) return;
    this.#noteFailure(answer, startedAtMs);
    this.#settle(entry, answer);
  }

  /** One failure is no news: that nothing is taken for half a minute is. */
  #noteFailure({ verdict }: Answer, startedAtMs: number): void {
    if (verdict !== 'failed') {
      this.#failingSinceMs = undefined;
      return;
    }
    this.#failingSinceMs ??= startedAtMs;
    if (this.#options.clock.wallMs() - this.#failingSinceMs >= warnAfterMs) this.#warnUnreachable();
  }

  /** The address holds the project's key: only the host is told. */
  #warnUnreachable(): void {
    const { url, spool } = this.#options;
    const then = spool
      ? 'what is too old or too much is lost'
      : 'what waits too long, or at the end, is lost';
    warnOnce(
      'UNITE_APM_SENTRY_UNREACHABLE',
      `The Sentry receiver at ${new URL(url).host} does not answer, or answers with errors: ${then}`,
    );
  }

  #settle(entry: Entry, { verdict, ...answer }: Answer): void {
    const nowMs = this.#options.clock.wallMs();
    if (answer.statusCode !== undefined) this.#limits = updateRateLimits(this.#limits, answer, nowMs);
    const isToRepeat = verdict === 'failed' || verdict === 'limited';
    this.#failures = isToRepeat ? this.#failures + 1 : 0;
    // Receivers that say to wait no time are given one, too.
    this.#pausedUntilMs = isToRepeat ? nowMs + pauseMs(this.#failures) : 0;
    if (verdict === 'taken') {
      this.#sent += 1;
      this.#leave(entry);
    } else if (isToRepeat) {
      this.#underWay.delete(entry);
      // Behind the others: one that makes the receiver fail does not hold them up.
      this.#waiting.push(entry);
      this.#schedule();
    } else {
      this.#drop(entry, verdict);
      warnOnce(
        'UNITE_APM_SENTRY_REFUSED',
        `The Sentry receiver refused an event with status ${answer.statusCode}: check the DSN, and that the address is a receiver's`,
      );
    }
  }

  #drop(entry: Entry, reason: DropReason): void {
    this.#countDropped(reason);
    this.#leave(entry);
  }

  #countDropped(reason: DropReason, count = 1): void {
    if (count > 0) this.#dropped[reason] = (this.#dropped[reason] ?? 0) + count;
  }

  #leave(entry: Entry): void {
    if (entry.file) this.#options.spool?.remove(entry.file.name);
    if (!this.#underWay.delete(entry)) this.#waiting = this.#waiting.filter((one) => one !== entry);
    if (entry.bytes) {
      this.#inMemory -= 1;
      this.#bytes -= entry.bytes.byteLength;
    }
    for (const { open, end } of this.#flushes) if (open.delete(entry) && open.size === 0) end();
    if (this.#waiting.length > 0) this.#schedule();
  }
}

/** Grows to half a minute; half of it is random, so that processes that failed together do not come back together. */
function pauseMs(failures: number): number {
  return Math.min(maxPauseMs, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
}
