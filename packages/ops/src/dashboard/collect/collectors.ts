import type { Clock } from '@unite/core';
import { CacheWatch } from './cache-watch';
import { DatabaseWatch } from './database-watch';
import { Pulse } from './pulse';
import { QuotaWatch } from './quota-watch';
import { RequestWatch } from './request-watch';
import { Subscriptions } from './subscriptions';

/** Everything that is counted while nobody looks. Bounded, whatever is published. */
export class Collectors {
  readonly pulse: Pulse;
  readonly requests: RequestWatch;
  readonly cache: CacheWatch;
  readonly quota = new QuotaWatch();
  readonly database: DatabaseWatch;
  readonly startedAtMs: number;
  /** Counts up with each change of health. */
  healthVersion = 0;
  readonly #subscriptions = new Subscriptions();

  constructor(clock: Clock, requestsKept: number) {
    const nowMs = () => clock.wallMs();
    this.startedAtMs = nowMs();
    this.pulse = new Pulse(nowMs);
    this.requests = new RequestWatch(requestsKept, this.pulse, clock);
    this.cache = new CacheWatch(this.pulse, nowMs);
    this.database = new DatabaseWatch(this.pulse, nowMs);
    for (const part of [this.requests, this.cache, this.quota, this.database])
      part.listen(this.#subscriptions);
    this.#subscriptions.to('unite:ops:shed', () => this.pulse.count('refused'));
    for (const name of ['unite:ops:health', 'unite:ops:state'])
      this.#subscriptions.to(name, () => {
        this.healthVersion += 1;
      });
  }

  close(): void {
    this.#subscriptions.close();
  }
}
