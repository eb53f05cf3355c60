import { randomUUID } from 'node:crypto';
import type { Ask } from './ask';
import type { Recorder } from './recorder';

/** Refusals are written down together, for so long, in milliseconds. */
const gatherMs = 60_000;
/** Tenants whose refusals are gathered; those of others are not. */
const maxTenants = 1_000;

interface Gathered {
  readonly ask: Ask;
  readonly fromMs: number;
  readonly amounts: Record<string, number>;
}

/**
 * Gathers what was asked for in vain, so that the replay of a plan sees the demand and not only what passed. One event
 * a minute and tenant, however many refusals there are.
 */
export class RefusedDemand {
  readonly #recorder: Recorder;
  readonly #isKept: boolean;
  readonly #gathered = new Map<string, Gathered>();

  constructor(recorder: Recorder, isKept: boolean) {
    this.#recorder = recorder;
    this.#isKept = isKept;
  }

  note(ask: Ask, nowMs: number): void {
    if (!this.#isKept) return;
    const known = this.#gathered.get(ask.tenantId);
    if (known && nowMs - known.fromMs < gatherMs && nowMs >= known.fromMs) {
      for (const [unit, amount] of Object.entries(ask.use)) {
        known.amounts[unit] = Math.min(Number.MAX_SAFE_INTEGER, (known.amounts[unit] ?? 0) + amount);
      }
      return;
    }
    if (known) this.#write(known);
    else if (this.#gathered.size >= maxTenants) this.flush();
    this.#gathered.set(ask.tenantId, { ask, fromMs: nowMs, amounts: { ...ask.use } });
  }

  /** Writes down what was gathered. */
  flush(): void {
    for (const gathered of this.#gathered.values()) this.#write(gathered);
    this.#gathered.clear();
  }

  #write({ ask, fromMs, amounts }: Gathered): void {
    const [part] = ask.parts;
    if (!part) return;
    const event = {
      tenantId: ask.tenantId,
      id: `refused:${randomUUID()}`,
      kind: 'refused' as const,
      occurredAtMs: Math.floor(fromMs),
      amounts,
      costs: [],
      fingerprint: '',
    };
    this.#recorder.write({ event, part, epoch: undefined });
  }
}
