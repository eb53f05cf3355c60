import { warnOnce } from '@unite/shared';
import type { Lookup } from '../types';
import { type Answer, answerFrom } from './answer';
import type { ForwardReason } from './cache-status';
import { Flights, untilAborted } from './flights';
import { Forwarding, type Storing } from './forwarding';
import { isRefusal, type RequestPolicy, requestPolicy } from './request-policy';
import { type EntryParams, type ResponseDefinitions, responseDefinitions } from './response-definitions';
import { type Owner, ownerOf, pathOf, responseKey } from './response-key';
import { responsePolicy, type Storable } from './response-policy';
import type { ResponseSettings } from './response-settings';
import type { IncomingRequest, StoredResponse } from './response-types';

/**
 * How often a request waits for another's response. The first may only have told which headers the response depends
 * on; who gets nothing from the second either asks the handler.
 */
const maxWaits = 2;

/** Answers requests from a cache, as a shared cache between client and handler does (RFC 9111). */
export class ResponseCache {
  readonly #settings: ResponseSettings;
  readonly #definitions: ResponseDefinitions;
  readonly #flights = new Flights<StoredResponse>();

  constructor(settings: ResponseSettings) {
    this.#settings = settings;
    this.#definitions = responseDefinitions(settings);
  }

  /** The stored answer, or the way to the handler. Never rejects: without the cache, the handler answers. */
  async open(request: IncomingRequest): Promise<Answer | Forwarding> {
    const policy = requestPolicy(request);
    if (isRefusal(policy)) return new Forwarding(request, policy.fwd, undefined, policy.detail);
    const context = this.#settings.context();
    const owner = ownerOf(this.#settings.scope, context);
    if (typeof owner === 'string') return new Forwarding(request, 'bypass', undefined, owner);
    try {
      return await this.#openFor(owner, request, policy, context?.signal);
    } catch (error) {
      warnOnce(
        'UNITE_CACHE_RESPONSE_BYPASSED',
        `The cache of responses could not be asked, and the handler answers: ${String(error)}`,
      );
      return new Forwarding(request, 'bypass', undefined, 'unavailable');
    }
  }

  async #openFor(
    owner: Owner,
    request: IncomingRequest,
    policy: RequestPolicy,
    signal: AbortSignal | undefined,
    waits = 0,
  ): Promise<Answer | Forwarding> {
    const search = await this.#search(owner, request, policy);
    const { found, fwd } = search;
    if (found.hit) {
      const { value, ageMs, layer } = found.receipt;
      if (!this.#mayAnswer(value, policy)) return new Forwarding(request, fwd, undefined, 'authorization');
      const ttlMs = value.lifetimeMs - ageMs;
      return answerFrom(value, request, ageMs, { hit: true, ttlMs, detail: layer });
    }
    // RFC 9110 §9.3.2: the answer to HEAD is no answer to GET.
    if (request.method === 'HEAD') return new Forwarding(request, fwd, undefined);
    const flight = JSON.stringify(search.params.key);
    const underWay = waits < maxWaits && policy.maxAgeMs > 0 ? this.#flights.join(flight) : undefined;
    if (!underWay) {
      const storing = this.#storing(search, found, policy, this.#flights.begin(flight));
      return new Forwarding(request, fwd, storing);
    }
    const response = await untilAborted(underWay, signal);
    if (response && this.#mayAnswer(response, policy)) {
      return answerFrom(response, request, undefined, { hit: false, fwd, collapsed: true });
    }
    return await this.#openFor(owner, request, policy, signal, waits + 1);
  }

  async #search(owner: Owner, request: IncomingRequest, policy: RequestPolicy): Promise<Search> {
    const { varyNames, responses } = this.#definitions;
    const { vary } = this.#settings;
    const varyParams = { key: responseKey(owner, request, undefined), tags: [] };
    const learned = await varyNames.lookup(varyParams);
    const names = learned.hit ? union(vary, learned.receipt.value) : vary;
    const params = { key: responseKey(owner, request, names), tags: this.#tagsOf(request) };
    const search = { params, names, varyParams, learned };
    const found = await responses.lookup(params, { fresh: policy.maxAgeMs === 0 });
    if (!found.hit) return { ...search, found, fwd: reasonOf(policy, learned.hit, names) };
    const { ageMs, value } = found.receipt;
    const isStale = ageMs >= value.lifetimeMs;
    if (!isStale && ageMs <= policy.maxAgeMs) return { ...search, found, fwd: 'request' };
    // It is there and will not do: what is made instead needs the fence of a miss.
    const fwd = isStale ? 'stale' : 'request';
    return { ...search, found: await responses.lookup(params, { fresh: true }), fwd };
  }

  #tagsOf({ method, url, params }: IncomingRequest): readonly string[] {
    const path = pathOf(url);
    const query = new URLSearchParams(url.slice(path.length));
    return this.#settings.tags({ method, path, query, params, context: this.#settings.context() });
  }

  /** RFC 9111 §3.5: with `Authorization`, only what says that it is for everybody. */
  #mayAnswer(response: StoredResponse, { isAuthorized }: RequestPolicy): boolean {
    return !isAuthorized || this.#settings.scope !== 'global' || response.isPublic;
  }

  #storing(
    search: Search,
    miss: Miss<StoredResponse>,
    { isAuthorized }: RequestPolicy,
    land: (response?: StoredResponse) => void,
  ): Storing {
    const { scope, ttlMs, statuses } = this.#settings;
    return {
      judge: (head) => {
        const rules = { scope, ttlMs, statuses, isAuthorized, nowMs: Date.now() };
        const verdict = responsePolicy(head, rules);
        if (typeof verdict === 'string') land();
        if (typeof verdict === 'string' || isWithin(verdict.varyNames, search.names)) return verdict;
        // The miss was that of another key. From the next request on the right one is asked for.
        this.#learn(search, verdict.varyNames).finally(() => land());
        return 'vary-learned';
      },
      keep: (storable, response) => {
        this.#keep(search, miss, storable, response).then(land, () => land());
      },
      giveUp: () => land(),
    };
  }

  /** @returns the response where others may have it too: it was not invalidated while it was made */
  async #keep(
    { learned, names }: Search,
    miss: Miss<StoredResponse>,
    { lifetimeMs }: Storable,
    response: StoredResponse,
  ): Promise<StoredResponse | undefined> {
    if (!learned.hit) await learned.put(names);
    return (await miss.put(response, { ttlMs: lifetimeMs })) ? response : undefined;
  }

  async #learn({ names, varyParams, learned }: Search, more: readonly string[]): Promise<void> {
    try {
      const all = union(names, more);
      if (learned.hit) await this.#definitions.varyNames.set(varyParams, all);
      else await learned.put(all);
    } catch {
      // It is learned again.
    }
  }
}

type Miss<Value> = Extract<Lookup<Value>, { readonly hit: false }>;

interface Search {
  readonly params: EntryParams;
  /** Request headers that are part of the key. */
  readonly names: readonly string[];
  readonly varyParams: EntryParams;
  readonly learned: Lookup<readonly string[]>;
  readonly found: Lookup<StoredResponse>;
  readonly fwd: ForwardReason;
}

/** RFC 9211 §2.2 */
function reasonOf({ maxAgeMs }: RequestPolicy, isKnown: boolean, names: readonly string[]): ForwardReason {
  if (maxAgeMs === 0) return 'request';
  if (!isKnown) return 'uri-miss';
  // There have been responses for this URL, and none is for these headers; or the only one there can be is gone.
  return names.length > 0 ? 'vary-miss' : 'miss';
}

function union(some: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...some, ...more])].sort();
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((name) => all.includes(name));
}
