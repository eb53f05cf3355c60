import { cut, cutIfThere } from './cut';
import { RecentMap } from './recent-map';
import type { GrowingRow } from './request-ring';
import type { Message } from './subscriptions';

/** What `@unite/apm` tells of a request at its end that a server does not know. */
export interface RequestFacts {
  readonly method: string;
  /** Without the method; `undefined` where none was found. */
  readonly route: string | undefined;
  readonly tenantId: string | undefined;
  readonly traceId: string | undefined;
  readonly eventId: string | undefined;
}

/** Reads a message of `unite:apm:request`. */
export function readFacts(message: Message): RequestFacts {
  const [method = '', template] = String(message.route).split(' ', 2);
  return {
    method,
    route: template === undefined || template === 'unmatched' ? undefined : cut(template, 200),
    tenantId: cutIfThere(message.tenantId, 128),
    traceId: cutIfThere(message.traceId, 32),
    eventId: cutIfThere(message.eventId, 32),
  };
}

/**
 * Brings requests and their facts together by the id that both have, whichever is told first. An id that comes twice is
 * of a client's making: nobody knows then whose facts are whose, and they are left out.
 */
export class FactsByRequest {
  /** Facts whose request has not ended; `undefined` where they came twice. */
  readonly #waiting: RecentMap<RequestFacts | undefined>;
  /** Rows without facts; `undefined` for an id that is used up. */
  readonly #rows: RecentMap<GrowingRow | undefined>;

  constructor(maxKept: number) {
    this.#waiting = new RecentMap(maxKept);
    this.#rows = new RecentMap(maxKept);
  }

  /** Facts were told. @returns the row that they belong to, where that is known by now */
  learn(requestId: string, facts: RequestFacts): GrowingRow | undefined {
    if (this.#rows.has(requestId)) {
      const row = this.#rows.get(requestId);
      this.#rows.set(requestId, undefined);
      return row;
    }
    this.#waiting.set(requestId, this.#waiting.has(requestId) ? undefined : facts);
    return undefined;
  }

  /** A request has ended. @returns what was told of it by now */
  take(requestId: string): RequestFacts | undefined {
    if (!this.#waiting.has(requestId)) return undefined;
    const facts = this.#rows.has(requestId) ? undefined : this.#waiting.get(requestId);
    this.#waiting.delete(requestId);
    this.#rows.set(requestId, undefined);
    return facts;
  }

  /** The row of a request that has ended: it takes facts that are told later, unless the id was there before. */
  settle(requestId: string, row: GrowingRow): void {
    this.#rows.set(requestId, this.#rows.has(requestId) ? undefined : row);
  }

  get size(): number {
    return this.#waiting.size + this.#rows.size;
  }
}
