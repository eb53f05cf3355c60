import { describeValue, observe } from '@unite/shared';
import type { CacheGetMessage } from '../channel-types';
import { getChannel, hitChannel } from '../channels';
import { checkValue, checkWork, checkWriteOptions } from '../check-options';
import { CacheError } from '../errors';
import type { CacheInternals } from '../internal-types';
import { escapePart, keyText } from '../key/key-text';
import { nameOf } from '../log/names';
import type { MemoryEntry } from '../memory/memory-types';
import { checkedTags } from '../tags/checked-tags';
import type {
  CacheDefinition,
  DefinitionOptions,
  DefinitionStats,
  GetOptions,
  InvalidationReceipt,
  Lookup,
  LookupOptions,
  Receipt,
  WarmOptions,
  WarmReport,
  WriteOptions,
} from '../types';
import { PopularReads } from '../warm/popular-reads';
import { warm } from '../warm/warm';
import { DefinitionCounts } from './definition-counts';
import type { DefinitionSettings } from './definition-types';
import { Fill } from './fill';
import { type Filled, Flight } from './flight';
import { hangOn } from './hang-on';
import { lookup } from './lookup';
import { type Invalidations, Publish } from './publish';
import { receiptOf } from './receipt';
import { limitsOf, waitFor } from './wait-for';

/** One read in sixteen is counted for the popular ones. */
const countedReads = 0xf;

/** One kind of value: the hot path is here; what memory cannot serve goes to `Fill`, what changes an entry to `Publish`. */
export class Definition<Params, Value> implements CacheDefinition<Params, Value> {
  readonly name: string;
  readonly counts = new DefinitionCounts();
  readonly settings: DefinitionSettings;
  readonly #cache: CacheInternals;
  readonly #options: DefinitionOptions<Params, Value>;
  readonly #isOfTenant: boolean;
  readonly #refreshes: boolean;
  readonly #flights = new Map<string, Flight<Value>>();
  readonly #refreshing = new Set<string>();
  readonly #fill: Fill<Value>;
  readonly #publish: Publish<Value>;
  readonly #invalidations: Invalidations;
  readonly #popular: PopularReads<Params> | undefined;
  readonly #commonNames: readonly string[];
  #reads = 0;

  constructor(
    cache: CacheInternals,
    settings: DefinitionSettings,
    options: DefinitionOptions<Params, Value>,
    invalidations: Invalidations,
  ) {
    this.name = settings.name;
    this.settings = settings;
    this.#cache = cache;
    this.#options = options;
    this.#isOfTenant = options.scope === 'tenant';
    this.#refreshes = settings.refreshAhead > 0 || settings.refreshEveryMs < Number.POSITIVE_INFINITY;
    this.#fill = new Fill(cache, settings, this.counts);
    this.#publish = new Publish(cache, settings, this.#fill, this.#flights, invalidations);
    this.#invalidations = invalidations;
    this.#popular = settings.countReads ? new PopularReads(settings.name, cache) : undefined;
    this.#commonNames = ['*', nameOf.definition(settings.name)];
  }

  get(params: Params, options?: GetOptions): Promise<Value> {
    let key: string;
    try {
      key = this.#keyOf(params);
    } catch (error) {
      return Promise.reject(error);
    }
    const entry = this.#servable(key);
    if (!entry) return this.#read(key, params, options).then(toValue);
    this.#hit(entry, key, params);
    return entry.promise;
  }

  async getWithReceipt(params: Params, options?: GetOptions): Promise<Receipt<Value>> {
    const key = this.#keyOf(params);
    const entry = this.#servable(key);
    if (!entry) return this.#receipt(await this.#read(key, params, options), params);
    this.#hit(entry, key, params);
    return receiptOf(this.#cache, { ...entry, layer: 'memory', isStale: false });
  }

  async getMany(params: readonly Params[], options?: GetOptions): Promise<Value[]> {
    if (!Array.isArray(params)) {
      throw new TypeError(`${this.name}.getMany: params must be a list, got ${describeValue(params)}`);
    }
    return Promise.all(params.map((each) => this.get(each, options)));
  }

  peek(params: Params): Value | undefined {
    const key = this.#keyOf(params);
    const entry = this.#servable(key);
    if (!entry) return undefined;
    this.#hit(entry, key, params);
    return entry.value;
  }

  async lookup(params: Params, { fresh = false, tags = noTags }: LookupOptions = {}): Promise<Lookup<Value>> {
    const key = this.#keyOf(params);
    const entry = fresh ? undefined : this.#servable(key);
    if (entry && (await hangOn(this.#cache, key, entry, checkedTags(tags)))) {
      this.#hit(entry, key, params);
      return { hit: true, receipt: receiptOf(this.#cache, { ...entry, layer: 'memory', isStale: false }) };
    }
    const flight = this.#flight(key, params, checkedTags(tags));
    const found = await lookup(this.#cache, this.settings, this.#fill, flight, fresh);
    if ('put' in found) {
      this.counts.misses += 1;
      return { hit: false, put: found.put };
    }
    this.counts.remoteHits += 1;
    return { hit: true, receipt: this.#receipt(found, params) };
  }

  async set(params: Params, value: Value): Promise<InvalidationReceipt> {
    checkValue(`${this.name}.set`, value);
    return this.#publish.set(this.#flight(this.#keyOf(params), params), value);
  }

  async delete(params: Params): Promise<InvalidationReceipt> {
    const key = this.#keyOf(params);
    // Not even served because a load fails.
    this.#cache.memory.delete(key);
    return this.#invalidations.invalidate([nameOf.key(key)]);
  }

  async refresh(params: Params, options?: GetOptions): Promise<Value> {
    const key = this.#keyOf(params);
    const limits = limitsOf(this.#cache.context(), options?.signal);
    const work = this.#publish.refresh(
      () => this.#flight(key, params),
      (call) => this.#options.load(params, call),
    );
    return waitFor(work, limits, this.#cache.clock);
  }

  async writeThrough(
    params: Params,
    work: () => Promise<Value> | Value,
    options: Partial<WriteOptions> = {},
  ): Promise<Value> {
    checkWork(`${this.name}.writeThrough`, work);
    checkWriteOptions(`${this.name}.writeThrough`, options);
    const { invalidates = [] } = options;
    const flight = this.#flight(this.#keyOf(params), params);
    return this.#publish.writeThrough(flight, work, () =>
      checkedTags(typeof invalidates === 'function' ? invalidates() : invalidates),
    );
  }

  clear(): Promise<InvalidationReceipt> {
    return this.#invalidations.invalidate([nameOf.definition(this.name)]);
  }

  warm(options: WarmOptions<Params>): Promise<WarmReport> {
    return warm(this, this.#popular, this.#cache, options);
  }

  stats(): DefinitionStats {
    return this.counts.read();
  }

  #keyOf(params: Params): string {
    return keyText(
      this.#isOfTenant ? `${this.name}:${escapePart(this.#tenant())}` : this.name,
      this.#options.key(params),
    );
  }

  #tenant(): string {
    const tenant = this.#cache.context()?.tenantId;
    if (tenant) return String(tenant);
    throw new CacheError(
      'UNITE_CACHE_TENANT_MISSING',
      `${this.name}: its scope is "tenant", and there is no tenant in the context; run it with a tenantId, or declare scope: "global"`,
    );
  }

  #servable(key: string): MemoryEntry<Value> | undefined {
    const { memory, view, clock } = this.#cache;
    const entry = memory.get(key) as MemoryEntry<Value> | undefined;
    if (entry === undefined) return undefined;
    const nowMs = clock.monotonicMs();
    if (
      nowMs >= entry.freshUntilMs ||
      !view.isCurrent(entry) ||
      !view.isTrusted(entry.confirmedAtMs, nowMs)
    ) {
      return undefined;
    }
    return entry;
  }

  #hit(entry: MemoryEntry<Value>, key: string, params: Params): void {
    this.counts.memoryHits += 1;
    this.#cache.view.isUsed = true;
    if (hitChannel?.hasSubscribers) {
      hitChannel.publish({ cache: this.#cache.namespace, definition: this.name });
    }
    if (this.#refreshes) this.#refreshAhead(entry, key, params);
    if (this.#popular) this.#countRead(key, params);
  }

  #read(key: string, params: Params, options: GetOptions | undefined): Promise<Filled<Value>> {
    if (this.#popular) this.#countRead(key, params);
    if (!getChannel?.hasSubscribers) return this.#fly(key, params, options);
    const about: CacheGetMessage = { cache: this.#cache.namespace, definition: this.name };
    return observe(getChannel, about, async (message) => {
      const filled = await this.#fly(key, params, options, message);
      message.layer = filled.layer;
      return filled;
    });
  }

  async #fly(
    key: string,
    params: Params,
    options: GetOptions | undefined,
    message?: CacheGetMessage,
  ): Promise<Filled<Value>> {
    const { clock, view, context } = this.#cache;
    const limits = limitsOf(context(), options?.signal);
    const found = this.#flights.get(key);
    const isJoined = found?.isJoinable(view, clock.monotonicMs()) ?? false;
    if (message) message.joined = isJoined;
    const flight = isJoined ? (found as Flight<Value>) : this.#start(key, params);
    const filled = await flight.join((promise) => waitFor(promise, limits, clock));
    if (filled.layer === 'load') this.counts.misses += 1;
    return filled;
  }

  #start(key: string, params: Params): Flight<Value> {
    const flight = this.#flight(key, params);
    this.#flights.set(key, flight);
    flight.promise = this.#fill
      .run(flight, (call) => this.#options.load(params, call))
      .finally(() => this.#land(flight));
    // Whoever waited may have left.
    flight.promise.catch(ignore);
    return flight;
  }

  #land(flight: Flight<Value>): void {
    if (this.#flights.get(flight.key) === flight) this.#flights.delete(flight.key);
    this.#cache.view.names.release(flight.names);
  }

  /** Its names are held; whoever takes it lets them go. */
  #flight(key: string, params: Params, readerTags = noTags): Flight<Value> {
    const { view, clock } = this.#cache;
    const tags = this.#options.tags ? checkedTags(this.#options.tags(params)) : noTags;
    const names = [
      ...this.#commonNames,
      nameOf.key(key),
      ...tags.map(nameOf.tag),
      ...readerTags.map(nameOf.tag),
    ];
    const held = names.map((text) => view.names.hold(text));
    const tenantId = this.#isOfTenant ? this.#tenant() : undefined;
    return new Flight({ key, tenantId }, tags, held, view, clock.monotonicMs());
  }

  #refreshAhead(entry: MemoryEntry<Value>, key: string, params: Params): void {
    const { clock, random } = this.#cache;
    const { refreshAhead, refreshEveryMs } = this.settings;
    const nowMs = clock.monotonicMs();
    // XFetch: the longer the load takes and the nearer the end is, the likelier.
    const isNear = nowMs - refreshAhead * entry.loadMs * Math.log(random()) >= entry.freshUntilMs;
    const isOld = nowMs - entry.confirmedAtMs >= refreshEveryMs;
    if ((!isNear && !isOld) || this.#refreshing.has(key)) return;
    this.#refreshing.add(key);
    this.refresh(params)
      .catch(ignore)
      .finally(() => this.#refreshing.delete(key));
  }

  #countRead(key: string, params: Params): void {
    this.#reads += 1;
    if ((this.#reads & countedReads) === 1) this.#popular?.count(key, params);
  }

  #receipt(filled: Filled<Value>, params: Params): Receipt<Value> {
    const tags = this.#options.tags?.(params) ?? noTags;
    return receiptOf(this.#cache, { ...filled, tags: [...tags, ...(filled.extraTags ?? noTags)] });
  }
}

const noTags: readonly string[] = [];

function toValue<Value>({ value }: Filled<Value>): Value {
  return value;
}

function ignore(): void {}
