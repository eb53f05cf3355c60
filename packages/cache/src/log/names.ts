/** Something that can be invalidated: a key, a tag, a definition, everything. One object for each in a process. */
export interface Name {
  readonly text: string;
  /** Position of its last invalidation that this process knows of; 0 when there is none since the name is held. */
  invalidatedAt: number;
  holders: number;
}

/** Everything of the namespace. */
export const everything = '*';

/** The names of keys, tags and definitions, which must not meet. */
export const nameOf = {
  key: (key: string): string => `k${key}`,
  tag: (tag: string): string => `t${tag}`,
  definition: (name: string): string => `d${name}`,
  /** Not a name that anything has: all keys that match. */
  pattern: (pattern: string): string => `p${pattern}`,
};

/**
 * The names that something in this process hangs on: an entry in memory, or a load under way. Nothing is noted about
 * others, so this is as bounded as they are.
 */
export class Names {
  readonly #held = new Map<string, Name>();

  /** To be released by whoever holds it. */
  hold(text: string): Name {
    let name = this.#held.get(text);
    if (!name) {
      name = { text, invalidatedAt: 0, holders: 0 };
      this.#held.set(text, name);
    }
    name.holders += 1;
    return name;
  }

  release(names: readonly Name[]): void {
    for (const name of names) {
      name.holders -= 1;
      if (name.holders === 0) this.#held.delete(name.text);
    }
  }

  /** @returns whether anything hangs on it */
  invalidate(text: string, position: number): boolean {
    const name = this.#held.get(text);
    if (!name) return false;
    name.invalidatedAt = Math.max(name.invalidatedAt, position);
    return true;
  }

  /** The held names of keys, for patterns. */
  *keys(): Iterable<{ readonly key: string; readonly name: Name }> {
    for (const name of this.#held.values()) {
      if (name.text.startsWith('k')) yield { key: name.text.slice(1), name };
    }
  }

  get size(): number {
    return this.#held.size;
  }
}
