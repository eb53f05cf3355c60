interface Entry<Value> {
  readonly value: Value;
  readonly untilUs: number;
}

/** Stands for every map that has had no entry yet: of many thousands, most never have one. */
const empty = new Map<string, never>();

/** Values that are remembered until a time of their own, and no more of them than there may be. */
export class ExpiringMap<Value> {
  #entries: Map<string, Entry<Value>> = empty;
  readonly #max: number;
  /** Before that, a search for what is due finds nothing. */
  #nextDueUs = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get(id: string, nowUs: number): Value | undefined {
    const entry = this.#entries.get(id);
    return entry && nowUs < entry.untilUs ? entry.value : undefined;
  }

  /** Whether `set` may be called for this id. Forgets what is due. */
  hasRoomFor(id: string, nowUs: number): boolean {
    this.#dropOldest(nowUs);
    if (this.#entries.size < this.#max || this.#entries.has(id)) return true;
    if (nowUs >= this.#nextDueUs) this.#dropAll(nowUs);
    return this.#entries.size < this.#max;
  }

  set(id: string, value: Value, untilUs: number): void {
    if (this.#entries === empty) this.#entries = new Map();
    // Anew, so that the oldest stand first, which for equal stretches of time are the first that are due.
    this.#entries.delete(id);
    this.#entries.set(id, { value, untilUs });
    this.#nextDueUs = Math.min(this.#nextDueUs, untilUs);
  }

  #dropOldest(nowUs: number): void {
    for (const [id, { untilUs }] of this.#entries) {
      if (nowUs < untilUs) return;
      this.#entries.delete(id);
    }
  }

  #dropAll(nowUs: number): void {
    this.#nextDueUs = Number.POSITIVE_INFINITY;
    for (const [id, { untilUs }] of this.#entries) {
      if (nowUs >= untilUs) this.#entries.delete(id);
      else this.#nextDueUs = Math.min(this.#nextDueUs, untilUs);
    }
  }
}
