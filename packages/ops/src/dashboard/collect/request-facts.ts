import { cut, cutIfThere } from './cut';
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

/** Brings requests and their facts together by the id that both have, whichever is told first. */
export class FactsByRequest {
  readonly #maxKept: number;
  /** `undefined` for an id that was told of twice: nobody knows whose facts are whose. */
  readonly #waiting = new Map<string, RequestFacts | undefined>();
  readonly #rows = new Map<string, GrowingRow | undefined>();

  constructor(maxKept: number) {
    this.#maxKept = maxKept;
  }

  /** @returns the row that they belong to, if that is known by now */
  facts(requestId: string, facts: RequestFacts): GrowingRow | undefined {
    const row = this.#rows.get(requestId);
    if (this.#rows.has(requestId)) this.#rows.set(requestId, undefined);
    else this.#keep(this.#waiting, requestId, this.#waiting.has(requestId) ? undefined : facts);
    return row;
  }

  /** @returns the facts that belong to it, if they were told by now */
  row(requestId: string, row: GrowingRow): RequestFacts | undefined {
    const facts = this.#waiting.get(requestId);
    const isKnown = this.#waiting.delete(requestId) || this.#rows.has(requestId);
    this.#keep(this.#rows, requestId, isKnown ? undefined : row);
    return facts;
  }

  get size(): number {
    return this.#waiting.size + this.#rows.size;
  }

  #keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
    map.set(key, value);
    if (map.size <= this.#maxKept) return;
    const [oldest] = map.keys();
    map.delete(oldest as string);
  }
}
