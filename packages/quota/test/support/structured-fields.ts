/** One item of a list, with its parameters. */
export interface ParsedItem {
  readonly name: unknown;
  readonly [parameter: string]: unknown;
}

/**
 * Reads a list of items as RFC 9651 §4.2.1 has it, step by step, and knows nothing of the package that writes. Only
 * what these fields may hold: strings, integers, byte sequences.
 *
 * @throws for what is no such list
 */
export function parseFields(value: string | null | undefined): ParsedItem[] {
  const input = new Input(value ?? '');
  const items: ParsedItem[] = [];
  input.take(/ */y);
  while (!input.isAtEnd()) {
    items.push({ name: bareItem(input), ...parameters(input) });
    input.take(/[ \t]*/y);
    if (input.isAtEnd()) break;
    input.demand(/,[ \t]*/y);
    if (input.isAtEnd()) throw new Error('a comma at the end');
  }
  return items;
}

function parameters(input: Input): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  while (input.take(/; */y) !== undefined) {
    const key = input.demand(/[a-z*][a-z0-9_\-.*]*/y);
    if (key in found) throw new Error(`${key} twice`);
    input.demand(/=/y);
    found[key] = bareItem(input);
  }
  return found;
}

function bareItem(input: Input): unknown {
  const text = input.take(/"(?:[ !#-[\]-~]|\\["\\])*"/y);
  if (text !== undefined) return text.slice(1, -1).replace(/\\(.)/g, '$1');
  const bytes = input.take(/:[A-Za-z0-9+/]*={0,2}:/y);
  if (bytes !== undefined) return Buffer.from(bytes.slice(1, -1), 'base64');
  const integer = input.demand(/-?\d{1,15}(?![\d.])/y);
  return Number(integer);
}

class Input {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    this.#at += found?.length ?? 0;
    return found;
  }

  demand(pattern: RegExp): string {
    const found = this.take(pattern);
    if (found === undefined) throw new Error(`not ${pattern} at ${this.#at} of ${this.#text}`);
    return found;
  }
}
