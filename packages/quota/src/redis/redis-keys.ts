const unsafe = /[{}%\p{Cc}\p{Cs}]/gu;
/** What nearly all names are made of, and found out in a fraction of the time. */
const plain = /^[\w:.@-]*$/;

/** Names of what is kept for one subject. All have one hash tag, so that they lie in one slot. */
export class RedisKeys {
  readonly #base: string;
  readonly state: string;

  constructor(namespace: string, subject: string) {
    // An empty tag would be none.
    this.#base = `${keyText(namespace)}:{${keyText(subject) || '%'}}:`;
    this.state = `${this.#base}s`;
  }

  hold(id: string): string {
    return `${this.#base}h:${keyText(id)}`;
  }

  event(id: string): string {
    return `${this.#base}e:${keyText(id)}`;
  }

  leases(counter: string): string {
    return `${this.#base}c:${keyText(counter)}`;
  }
}

/**
 * Escapes braces, which would move the hash tag, control characters, and halves of surrogate pairs, which are all
 * the same once they are sent. No two texts become one.
 */
export function keyText(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(unsafe, (character) => `%${character.codePointAt(0)?.toString(16)};`);
}
