import { type ForwardReason, withCacheStatus } from './cache-status';
import { headerOf, isNotModified, makeEtag } from './conditional';
import type { Storable } from './response-policy';
import type { IncomingRequest, ResponseHead, StoredResponse } from './response-types';

/** What an adapter changes in the head of a handler's response. */
export interface HeadChanges {
  /** Another status than the handler's is a 304, which goes without body and what describes it. */
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Whether the body is wanted, by `end`. */
  readonly collects: boolean;
}

/** How one response is stored, and who is told. */
export interface Storing {
  /** What the response may be kept as, else why not: then nothing will come of it. */
  judge(head: ResponseHead): Storable | string;
  /** Keeps it. Never rejects. */
  keep(storable: Storable, response: StoredResponse): void;
  /** Nothing will come of it. */
  giveUp(): void;
}

/** A request that the handler answers, and its response on the way out. */
export class Forwarding {
  readonly kind = 'forward';
  readonly #request: IncomingRequest;
  readonly #fwd: ForwardReason;
  readonly #detail: string | undefined;
  #storing: Storing | undefined;
  #pending: { readonly head: ResponseHead; readonly storable: Storable } | undefined;

  /**
   * @param storing absent for a response that is passed through
   * @param detail why it is
   */
  constructor(request: IncomingRequest, fwd: ForwardReason, storing: Storing | undefined, detail?: string) {
    this.#request = request;
    this.#fwd = fwd;
    this.#storing = storing;
    this.#detail = detail;
  }

  /** Whether the response may be stored: then the handler is to make all of it, whatever the client has already. */
  get mayStore(): boolean {
    return this.#storing !== undefined;
  }

  /**
   * The head is about to be sent. With the whole `body` at hand it gets a validator, and the response is stored now;
   * without, the body is wanted at its `end`, and the client is not told whether it will be stored.
   */
  begin(head: ResponseHead, body?: Uint8Array): HeadChanges {
    const verdict = this.#storing?.judge(head) ?? this.#detail;
    const storable = typeof verdict === 'object' ? verdict : undefined;
    const headers: [string, string][] = [];
    let described = head;
    if (storable && body && headerOf(head.headers, 'etag') === undefined) {
      const etag = ['etag', makeEtag(body)] as [string, string];
      headers.push(etag);
      described = { ...head, headers: [...head.headers, etag] };
    }
    // Where it may be stored, the handler was kept from comparing.
    const isUnchanged = this.mayStore && isNotModified(this.#request, head.status, described.headers);
    if (storable) this.#pending = { head: described, storable };
    else this.#storing = undefined;

    const status = withCacheStatus(headerOf(head.headers, 'cache-status'), {
      hit: false,
      fwd: this.#fwd,
      fwdStatus: isUnchanged ? head.status : undefined,
      stored: storable !== undefined && body !== undefined && this.end(body),
      detail: typeof verdict === 'string' ? verdict : undefined,
    });
    return {
      status: isUnchanged ? 304 : head.status,
      headers: [...headers, ['cache-status', status]],
      collects: this.#pending !== undefined,
    };
  }

  /**
   * The body is complete.
   *
   * @returns whether it is stored, as far as can be said now
   */
  end(body: Uint8Array): boolean {
    const [storing, pending] = [this.#storing, this.#pending];
    this.#storing = undefined;
    this.#pending = undefined;
    if (!storing || !pending) return false;
    const { head, storable } = pending;
    // RFC 9110 §8.6: another length than was announced is a body that was broken off.
    const announced = headerOf(head.headers, 'content-length');
    if (announced !== undefined && announced !== String(body.byteLength)) {
      storing.giveUp();
      return false;
    }
    const headers =
      headerOf(storable.headers, 'etag') === undefined
        ? [...storable.headers, ['etag', makeEtag(body)] as const]
        : storable.headers;
    const { lifetimeMs, initialAgeMs, isPublic } = storable;
    storing.keep(storable, { status: head.status, headers, body, lifetimeMs, initialAgeMs, isPublic });
    return true;
  }

  /** The response broke off, or is too large. May come at any time, and more than once. */
  abandon(): void {
    this.#storing?.giveUp();
    this.#storing = undefined;
    this.#pending = undefined;
  }
}
