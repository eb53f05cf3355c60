type Update = (current: unknown) => unknown;

/** One mutation: what it shows on top of all before it, if anything. */
export interface Mutation {
  update: Update | undefined;
  pending: boolean;
}

/**
 * A value and the mutations on top of it, in the order in which they began. What is shown is the value with
 * each of them applied, so that any one can be taken back without a trace, whatever the others did since.
 */
export class MutationLog {
  /** What is shown; `undefined` where there is nothing. */
  shown: { readonly data: unknown } | undefined;
  #base: { readonly data: unknown } | undefined;
  #mutations: Mutation[] = [];

  /** Begins a mutation. @throws what `update` throws; nothing has changed then */
  begin(update: Update | undefined): Mutation {
    if (update) this.shown = { data: update(this.shown?.data) };
    const mutation = { update, pending: true };
    this.#mutations.push(mutation);
    return mutation;
  }

  /**
   * Ends a mutation whose result is known. The result takes the place of everything that began earlier.
   *
   * @returns false when a newer value has already taken its place
   */
  replace(mutation: Mutation, data: unknown): boolean {
    const index = this.#mutations.indexOf(mutation);
    if (index < 0) return false;
    this.#base = { data };
    this.#mutations.splice(0, index + 1);
    this.#apply();
    return true;
  }

  /** Ends a mutation that keeps what it shows, which from now on is `update`. */
  keep(mutation: Mutation, update: Update | undefined): void {
    mutation.update = update;
    mutation.pending = false;
    this.#apply();
  }

  /** Takes a mutation back. */
  remove(mutation: Mutation): void {
    this.#mutations = this.#mutations.filter((other) => other !== mutation);
    this.#apply();
  }

  /** Takes a value from the server that is newer than all mutations but the pending ones. */
  rebase(data: unknown): void {
    this.#base = { data };
    this.#mutations = this.#mutations.filter(({ pending }) => pending);
    this.#apply();
  }

  /** Forgets the value and all mutations: those under way will find themselves superseded. */
  clear(): void {
    this.#base = undefined;
    this.#mutations = [];
    this.#apply();
  }

  #apply(): void {
    while (this.#mutations[0]?.pending === false) {
      this.#base = applied(this.#base, this.#mutations[0]);
      this.#mutations.shift();
    }
    this.shown = this.#mutations.reduce(applied, this.#base);
  }
}

function applied(value: MutationLog['shown'], { update }: Mutation): MutationLog['shown'] {
  try {
    return update ? { data: update(value?.data) } : value;
  } catch {
    // It could be applied to the value it was made for. That one is gone, and so is its guess.
    return value;
  }
}
