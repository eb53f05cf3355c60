import type { AppendOutcome } from '../ledger/ledger-types';
import type { AdmissionParts } from './admission-types';
import type { Ask, Part } from './ask';
import type { Charged } from './charges';
import { eventIdOf, eventOf, once, tenantPart } from './event-of';
import type { Outcomes } from './outcomes';
import type { Entry } from './recorder';
import { reusedKey } from './reused-key';
import { StoreDown } from './store-gate';

/** Charges and writes down without asking the limits. */
export class Records {
  readonly #with: AdmissionParts;
  readonly #outcomes: Outcomes;

  constructor(parts: AdmissionParts, outcomes: Outcomes) {
    this.#with = parts;
    this.#outcomes = outcomes;
  }

  async record(ask: Ask): Promise<void> {
    const { counts, recorder, ledger, isDurable, storeClock } = this.#with;
    const charges = Promise.all(ask.parts.map((part) => this.#charge(part, ask)));
    const [charged] = await charges.catch((error: unknown) => {
      throw this.#outcomes.mistake(error);
    });
    if (ledger) {
      const atMs = Math.floor(charged ? charged.nowUs / 1_000 : storeClock.nowMs());
      const event = eventOf(ask, 'record', eventIdOf(ask, {}), atMs);
      const entry = { event, part: tenantPart(ask), epoch: charged?.epoch };
      if (!isDurable) recorder.write(entry);
      const outcome = isDurable ? await this.#writeNow(ask, entry) : undefined;
      if (outcome === 'reused') {
        counts.reusedIds += 1;
        throw reusedKey();
      }
      // Told the first time.
      if (outcome === 'repeated') return;
    }
    this.#outcomes.publish(ask);
  }

  async #charge(part: Part, ask: Ask): Promise<Charged | undefined> {
    const { charges, arrears, recorder, storeClock } = this.#with;
    const { event } = once(ask, {});
    try {
      return await charges.charge(part, ask.use, event);
    } catch (error) {
      if (!(error instanceof StoreDown)) throw error;
      if (part.isLedgered) return undefined;
      if (error.wasSent) recorder.lose({ amounts: ask.use }, 'uncertain');
      else arrears.add([part], ask.use, storeClock.nowMs());
      return undefined;
    }
  }

  /** It is a fact: it is written down under any epoch. */
  async #writeNow(ask: Ask, entry: Entry): Promise<AppendOutcome> {
    const { recorder, rehydrator } = this.#with;
    const outcome = await recorder
      .append(entry)
      .catch((error: unknown) => this.#outcomes.withoutLedger(error, ask, entry));
    if (outcome === 'stale') recorder.write({ ...entry, epoch: undefined });
    // The store has charged twice what is there once, or what is not there at all.
    if (outcome === 'repeated' || outcome === 'reused')
      rehydrator.suspect(entry.part, ask.tenantId, 'too-high');
    return outcome;
  }
}
