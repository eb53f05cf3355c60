import type { ConsistencyToken } from '../types';

/**
 * What one session wrote: the requests of one context, or the process outside of any. It is kept as a
 * position to reach, which is asked for only when somebody needs it.
 */
export class Session {
  /** Everything up to here has a known position. */
  token: ConsistencyToken | undefined;
  /** Commits without waiting for the log were among the writes. */
  commitsAsynchronously = false;
  /** Writes whose position nobody asked for yet are those above `located`. */
  #writes = 0;
  #located = 0;

  /** Something was written, and where it ends in the log is not known. */
  wrote(commitsAsynchronously: boolean): void {
    this.#writes += 1;
    this.commitsAsynchronously ||= commitsAsynchronously;
  }

  get hasUnlocatedWrites(): boolean {
    return this.#writes > this.#located;
  }

  /** To be taken before asking for the position, and given back with the answer. */
  get writes(): number {
    return this.#writes;
  }

  /** Everything up to `writes` is in the log before `token`. */
  locate(writes: number, token: ConsistencyToken): void {
    this.#located = Math.max(this.#located, writes);
    this.advance(token);
  }

  /** Makes the session see what the token stands for. Tokens only move forward. */
  advance(token: ConsistencyToken): void {
    if (token.lsn === undefined) {
      this.wrote(false);
      return;
    }
    const { token: known } = this;
    const isAhead =
      known?.lsn === undefined ||
      token.systemId !== known.systemId ||
      token.timeline > known.timeline ||
      (token.timeline === known.timeline && token.lsn > known.lsn);
    if (isAhead) this.token = token;
  }
}
