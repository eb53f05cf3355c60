/** What Redis answers (RESP 2). */
export type RedisReply = string | number | null | Error | RedisReply[];

/** Reads replies one after the other from what a connection has received so far. */
export class RespReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The next reply, or `undefined` when it has not arrived in full. */
  next(): RedisReply | undefined {
    const end = this.#bytes.indexOf('\r\n', this.#at);
    if (end === -1) return undefined;
    const line = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 2;
    const rest = line.slice(1);
    switch (line[0]) {
      case '$':
        return this.#text(Number(rest));
      case '*':
        return this.#list(Number(rest));
      case ':':
        return Number(rest);
      case '-':
        return new Error(rest);
      default:
        return rest;
    }
  }

  #text(length: number): string | null | undefined {
    if (length < 0) return null;
    const start = this.#at;
    this.#at += length + 2;
    return this.#at > this.#bytes.length ? undefined : this.#bytes.toString('utf8', start, start + length);
  }

  #list(length: number): RedisReply[] | null | undefined {
    if (length < 0) return null;
    const replies: RedisReply[] = [];
    while (replies.length < length) {
      const reply = this.next();
      if (reply === undefined) return undefined;
      replies.push(reply);
    }
    return replies;
  }
}
