import { firstOf, hashOf } from './clean-name';

/**
 * Clean names of texts, one for each text: of two that are the same once they are clean, the second gets a hash of what
 * it was. Holds what it is asked for, which the caps on series bound.
 */
export class DistinctNames {
  readonly #names = new Map<string, string>();
  readonly #taken: Set<string>;
  readonly #clean: (text: string) => string;

  constructor(clean: (text: string) => string, taken: Iterable<string> = []) {
    this.#clean = clean;
    this.#taken = new Set(taken);
  }

  of(text: string): string {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const name = this.#free(text);
    this.#names.set(text, name);
    this.#taken.add(name);
    return name;
  }

  #free(text: string): string {
    const clean = this.#clean(text);
    let name = clean;
    while (this.#taken.has(name)) name = `${firstOf(clean, 80)}_${hashOf(`${text} ${name}`)}`;
    return name;
  }
}
