import type { Clock } from '@unite/core';
import { checkOptions, expects, optionChecks, systemClock } from '@unite/shared';
import { LRUCache } from 'lru-cache';
import { MemorySubject } from './memory-subject';
import { SteadyClock } from './steady-clock';
import type {
  AdjustCall,
  DecideCall,
  DecideReply,
  InstallCall,
  QuotaStore,
  ReadCall,
  ReadReply,
  SettleCall,
  SettleReply,
} from './store-types';

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /**
   * How many subjects are kept, at most 16,777,216: some 1 kB each. Beyond, the one that was asked for the longest
   * time ago is forgotten, with what it has used.
   *
   * @default 100_000
   */
  readonly maxSubjects?: number | undefined;
  /** How many holds, and how many events, are remembered for one subject. Beyond, `decide` throws. @default 10_000 */
  readonly maxRemembered?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** Counters in this process. Answers at once; nothing else can come between. */
export interface MemoryStore extends QuotaStore {
  /** @throws QuotaError `UNITE_QUOTA_UNAVAILABLE` when more holds or events would have to be remembered */
  decide(call: DecideCall): DecideReply;
  settle(call: SettleCall): SettleReply;
  adjust(call: AdjustCall): ReadReply | { readonly outcome: 'unknown' };
  read(call: ReadCall): ReadReply | { readonly outcome: 'unknown' };
  install(call: InstallCall): { readonly outcome: 'installed' | 'outdated' };
  /** How many subjects were forgotten for want of room. */
  evicted(): number;
}

/** A Map holds no more. */
const mostEntries = 2 ** 24;

const wholeNumber = expects(
  'a whole number from 1 to 16,777,216',
  (value) => Number.isInteger(value) && (value as number) > 0 && (value as number) <= mostEntries,
);

/**
 * Keeps counters in this process: for one process alone, for tests, and for what is decided while another store cannot
 * be asked. What it holds ends with the process. It has no timers.
 *
 * @throws TypeError for an option that is none
 * @example
 * const quota = createQuota({ plans, store: memoryStore({ maxSubjects: 10_000 }) });
 */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  checkOptions('memoryStore', options, {
    maxSubjects: wholeNumber,
    maxRemembered: wholeNumber,
    clock: optionChecks.object,
  });
  const { maxSubjects = 100_000, maxRemembered = 10_000, clock = systemClock } = options;
  return new MemorySubjects(maxSubjects, maxRemembered, new SteadyClock(clock));
}

class MemorySubjects implements MemoryStore {
  readonly isLocal = true;
  readonly #clock: SteadyClock;
  readonly #maxRemembered: number;
  readonly #subjects: LRUCache<string, MemorySubject>;
  #evicted = 0;

  constructor(maxSubjects: number, maxRemembered: number, clock: SteadyClock) {
    this.#clock = clock;
    this.#maxRemembered = maxRemembered;
    this.#subjects = new LRUCache({
      max: maxSubjects,
      dispose: (_subject, _name, reason) => {
        if (reason === 'evict') this.#evicted += 1;
      },
    });
  }

  decide(call: DecideCall): DecideReply {
    const nowUs = this.#clock.nowUs();
    const known = this.#find(call.subject, nowUs);
    if (call.isLedgered && !known?.epoch) return { outcome: 'unknown' };
    if (known) return known.decide(call, nowUs);
    const created = new MemorySubject(this.#maxRemembered);
    const reply = created.decide(call, nowUs);
    if (reply.outcome === 'decided' && reply.refused.length === 0) this.#subjects.set(call.subject, created);
    return reply;
  }

  settle(call: SettleCall): SettleReply {
    const nowUs = this.#clock.nowUs();
    return this.#find(call.subject, nowUs)?.settle(call, nowUs) ?? { outcome: 'unknown' };
  }

  adjust(call: AdjustCall): ReadReply | { readonly outcome: 'unknown' } {
    const nowUs = this.#clock.nowUs();
    const known = this.#find(call.subject, nowUs);
    if (call.isLedgered && !known?.epoch) return { outcome: 'unknown' };
    return (known ?? this.#create(call.subject)).adjust(call, nowUs);
  }

  read(call: ReadCall): ReadReply | { readonly outcome: 'unknown' } {
    const nowUs = this.#clock.nowUs();
    const known = this.#find(call.subject, nowUs);
    if (call.isLedgered && !known?.epoch) return { outcome: 'unknown' };
    return (known ?? new MemorySubject(this.#maxRemembered)).read(call, nowUs);
  }

  install(call: InstallCall): { readonly outcome: 'installed' | 'outdated' } {
    const nowUs = this.#clock.nowUs();
    const known = this.#find(call.subject, nowUs);
    if (known && known.epoch >= call.epoch) return { outcome: 'outdated' };
    (known ?? this.#create(call.subject)).install(call, nowUs);
    return { outcome: 'installed' };
  }

  evicted(): number {
    return this.#evicted;
  }

  #find(name: string, nowUs: number): MemorySubject | undefined {
    const subject = this.#subjects.get(name);
    return subject && nowUs < subject.keptUntilUs ? subject : undefined;
  }

  #create(name: string): MemorySubject {
    const subject = new MemorySubject(this.#maxRemembered);
    this.#subjects.set(name, subject);
    return subject;
  }
}
