import { everything } from './names';

/** Names beyond this are not kept one by one: everything becomes invalid instead. */
const maxPending = 10_000;

/** What a process has invalidated and the log has not taken yet. */
export class PendingInvalidations {
  #waiting = new Set<string>();
  /** Those that are being written to the log; they still count. */
  #underWay: ReadonlySet<string> = new Set();
  #token: string | undefined;
  #tokenUnderWay: string | undefined;

  add(names: Iterable<string>, token?: string | undefined): void {
    this.#token = token ?? this.#token;
    for (const name of names) this.#waiting.add(name);
    if (this.#waiting.size > maxPending) this.#waiting = new Set([everything]);
  }

  get size(): number {
    return this.#waiting.size + this.#underWay.size;
  }

  /** Whether any of the names waits. */
  has(names: readonly string[]): boolean {
    return this.size > 0 && [this.#waiting, this.#underWay].some((set) => concerns(set, names));
  }

  /** What the database said about the last write behind what waits, where any of the names does. */
  tokenOf(names: readonly string[]): string | undefined {
    return this.has(names) ? (this.#token ?? this.#tokenUnderWay) : undefined;
  }

  /** Hands what waits to `write`, and takes it back where that fails. */
  async flush(
    write: (names: readonly string[], token: string | undefined) => Promise<unknown>,
  ): Promise<void> {
    if (this.#waiting.size === 0 || this.#underWay.size > 0) return;
    const token = this.#token;
    this.#tokenUnderWay = token;
    this.#underWay = this.#waiting;
    this.#waiting = new Set();
    this.#token = undefined;
    try {
      await write([...this.#underWay], token);
    } catch (error) {
      this.add(this.#underWay, this.#token ?? token);
      throw error;
    } finally {
      this.#underWay = new Set();
      this.#tokenUnderWay = undefined;
    }
  }
}

/** A pattern stands for keys that nobody looks up while it waits: for everything. */
function concerns(waiting: ReadonlySet<string>, names: readonly string[]): boolean {
  if (waiting.size === 0) return false;
  if (waiting.has(everything) || names.some((name) => waiting.has(name))) return true;
  for (const name of waiting) if (name.startsWith('p')) return true;
  return false;
}
