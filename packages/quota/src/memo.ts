/**
 * What is made of texts that come again and again: to put a name together and to hash it takes longer than to count.
 * When there are too many it forgets them all, and begins anew.
 */
export class Memo<Value> {
  readonly #max: number;
  readonly #make: (text: string) => Value;
  readonly #made = new Map<string, Value>();

  constructor(max: number, make: (text: string) => Value) {
    this.#max = max;
    this.#make = make;
  }

  has(text: string): boolean {
    return this.#made.has(text);
  }

  of(text: string): Value {
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    const made = this.#make(text);
    if (this.#made.size >= this.#max) this.#made.clear();
    this.#made.set(text, made);
    return made;
  }
}
