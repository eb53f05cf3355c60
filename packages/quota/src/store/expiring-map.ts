import { OldestFirst } from '@unite/shared';

interface Entry<Value> {
  readonly value: Value;
  readonly untilUs: number;
}

/** Values that are remembered until a time of their own, and no more of them than there may be. */
export class ExpiringMap<Value> {
  /** Made with the first one: of many thousands of maps, most never have any. */
  #entries: OldestFirst<string, Entry<Value>> | undefined;
  readonly #max: number;
  /** Before that, a search for what is due finds nothing. */
  #nextDueUs = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get(id: string, nowUs: number): Value | undefined {
    const entry = this.#entries?.get(id);
    return entry && nowUs < entry.untilUs ? entry.value : undefined;
  }

  /** Whether `set` may be called for this id. Forgets what is due. */
  hasRoomFor(id: string, nowUs: number): boolean {
    const entries = this.#entries;
    if (!entries) return true;
    this.#dropOldest(entries, nowUs);
    if (entries.size < this.#max || entries.has(id)) return true;
    if (nowUs >= this.#nextDueUs) this.#dropAll(entries, nowUs);
    return entries.size < this.#max;
  }

  set(id: string, value: Value, untilUs: number): void {
    this.#entries ??= new OldestFirst();
    // For equal stretches of time, the oldest are the first that are due.
    this.#entries.set(id, { value, untilUs });
    this.#nextDueUs = Math.min(this.#nextDueUs, untilUs);
  }

  #dropOldest(entries: OldestFirst<string, Entry<Value>>, nowUs: number): void {
    for (let { oldest } = entries; oldest && nowUs >= oldest.value.untilUs; { oldest } = entries)
      entries.delete(oldest.key);
  }

  #dropAll(entries: OldestFirst<string, Entry<Value>>, nowUs: number): void {
    this.#nextDueUs = Number.POSITIVE_INFINITY;
    for (const { key, value } of entries) {
      if (nowUs >= value.untilUs) entries.delete(key);
      else this.#nextDueUs = Math.min(this.#nextDueUs, value.untilUs);
    }
  }
}
