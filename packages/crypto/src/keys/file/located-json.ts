/** A JSON value that knows the line it begins on. */
export type LocatedJson =
  | { readonly line: number; readonly members: ReadonlyMap<string, LocatedJson> }
  | { readonly line: number; readonly value: string | number | boolean | null };

/** Where a text is no JSON: the line, and what is wrong in words that hold nothing of the text. */
export class JsonFault extends Error {
  readonly line: number;

  constructor(line: number, what: string) {
    super(what);
    this.line = line;
  }
}

/** Deeper ones are no keyrings; a million brackets would exhaust the stack. */
const maxDepth = 8;
const tokens = /\s*(?:([{}:,])|("[^"\\\n]*(?:\\[^\n][^"\\\n]*)*")|([-+.\w]+)|(\S))/uy;

/**
 * Reads JSON made of objects, texts, numbers, `true`, `false` and `null`, and where each stands. The messages of
 * `JSON.parse` quote the text that they are about, which in a keyring may be a key.
 *
 * @throws JsonFault
 */
export function readLocatedJson(text: string): LocatedJson {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): LocatedJson {
    const token = this.#next('a value');
    const line = this.#line;
    if (token === '{') return { line, members: this.#members(depth + 1) };
    return { line, value: this.#scalar(token) };
  }

  end(): void {
    if (this.#text.slice(this.#at).trim() !== '') {
      this.#next('the end');
      throw this.#fault('expected the end');
    }
  }

  #members(depth: number): Map<string, LocatedJson> {
    if (depth > maxDepth) throw this.#fault('objects are nested too deeply');
    const members = new Map<string, LocatedJson>();
    let token = this.#next('a name or "}"');
    if (token === '}') return members;
    while (true) {
      if (!token.startsWith('"')) throw this.#fault('expected a name in double quotes');
      const name = String(this.#scalar(token));
      // JSON.parse would take the last one, and whoever reads the file may see the first.
      if (members.has(name)) throw this.#fault('a name is there twice');
      if (this.#next('":"') !== ':') throw this.#fault('expected ":"');
      members.set(name, this.value(depth));
      const after = this.#next('"," or "}"');
      if (after === '}') return members;
      if (after !== ',') throw this.#fault('expected "," or "}"');
      token = this.#next('a name');
    }
  }

  #scalar(token: string): string | number | boolean | null {
    try {
      return JSON.parse(token) as string | number | boolean | null;
    } catch {
      throw this.#fault('expected an object, text in double quotes, a number, true, false or null');
    }
  }

  #next(expected: string): string {
    tokens.lastIndex = this.#at;
    const match = tokens.exec(this.#text);
    if (!match) throw this.#fault(`the text ends where ${expected} is expected`);
    const [whole, ...kinds] = match;
    const token = kinds.find((kind) => kind !== undefined) as string;
    this.#line += whole.split('\n').length - 1;
    this.#at += whole.length;
    return token;
  }

  #fault(what: string): JsonFault {
    return new JsonFault(this.#line, what);
  }
}
