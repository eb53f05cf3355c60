import { CacheError } from '../../src/errors';
import { keyMatcher } from '../../src/key/key-pattern';
import type {
  AppendReply,
  AppendRequest,
  Lease,
  LogEntry,
  LogMark,
  RemoteConnection,
  RemoteLayer,
  RemotePut,
  RemoteRead,
  SyncReply,
  SyncRequest,
} from '../../src/remote-types';

type Call = Exclude<keyof RemoteConnection, 'close'>;

/** One shared layer in memory, which a test makes fail, hang and forget. */
export class FakeRemote {
  /** What is called next is answered by these first. */
  readonly refusals = new Map<Call, Error>();
  readonly calls: { readonly name: Call; readonly args: readonly unknown[] }[] = [];
  readonly entries = new Map<string, { bytes: Uint8Array; stamp: number; untilMs: number }>();
  readonly leases = new Map<string, { id: string; untilMs: number }>();
  readonly links = new Map<string, Set<string>>();
  readonly reads = new Map<string, number>();
  readonly last = new Map<string, number>();
  log: (LogEntry & { readonly token: string })[] = [];
  /** How many entries the log retains. */
  retained = 10_000;
  /** Entries in one reply. */
  perSync = 500;
  isDown = false;
  /** What `link` finds. */
  circle: readonly string[] | undefined;
  readonly #nowMs: () => number;
  #held: (() => void)[] | undefined;
  #heldCalls = new Set<Call>();
  #nonce = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  layer(): RemoteLayer {
    return { open: () => this.#connection() };
  }

  count(name: Call): number {
    return this.calls.filter((call) => call.name === name).length;
  }

  /** From now on these calls are carried out, and their answers are held back until `release`. */
  hold(...names: Call[]): void {
    this.#held = [];
    this.#heldCalls = new Set(names);
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const answer of held) answer();
  }

  /** As after FLUSHALL. */
  flush(): void {
    this.log = [];
    this.last.clear();
    this.entries.clear();
    this.leases.clear();
  }

  /** What a process without a connection of this test does. */
  append(request: Partial<AppendRequest> & { readonly names: readonly string[] }): AppendReply {
    const { names, unless, after = 0, token = '' } = request;
    if (unless && this.#latest(['*', ...unless.names]) > unless.after) return { names: [] };
    const all = new Set(names);
    for (const name of all) for (const effect of this.links.get(name.slice(1)) ?? []) all.add(`t${effect}`);
    if (this.log.length === 0 || !this.last.has('*')) all.add('*');
    const newest = this.log.at(-1)?.mark.position ?? 0;
    const position = Math.max(this.#position(), newest + 1, after + 1);
    this.#nonce += 1;
    const mark = { position, id: `${position}-${this.#nonce}` };
    for (const name of all) this.last.set(name, position);
    this.log = [...this.log, { mark, names: [...all], token }].slice(-this.retained);
    return { mark, names: [...all] };
  }

  #connection(): RemoteConnection {
    return {
      read: this.#call('read', (key: string, lease?: Lease) => this.#read(key, lease)),
      lease: this.#call('lease', (key: string, lease: Lease, seenStamp = Number.NaN) => {
        return !((this.entries.get(key)?.stamp ?? 0) > seenStamp) && this.#lease(key, lease);
      }),
      release: this.#call('release', (key: string, id: string) => {
        if (this.leases.get(key)?.id === id) this.leases.delete(key);
      }),
      put: this.#call('put', (key: string, entry: RemotePut) => this.#put(key, entry)),
      sync: this.#call('sync', (request: SyncRequest) => this.#sync(request)),
      append: this.#call('append', (request: AppendRequest) => this.append(request)),
      link: this.#call('link', (cause: string, effect: string) => {
        if (!this.circle) this.links.set(cause, (this.links.get(cause) ?? new Set()).add(effect));
        return this.circle;
      }),
      unlink: this.#call('unlink', (cause: string, effect: string) => {
        this.links.get(cause)?.delete(effect);
      }),
      deleteMatching: this.#call('deleteMatching', (pattern: string, before: number) => {
        const matches = keyMatcher(pattern);
        const found = [...this.entries].filter(([key, { stamp }]) => matches(key) && stamp < before);
        for (const [key] of found) this.entries.delete(key);
        return found.length;
      }),
      countReads: this.#call('countReads', (_: string, counts: ReadonlyMap<string, number>) => {
        for (const [key, count] of counts) this.reads.set(key, (this.reads.get(key) ?? 0) + count);
      }),
      mostRead: this.#call('mostRead', (_: string, limit: number) =>
        [...this.reads]
          .sort((one, other) => other[1] - one[1])
          .slice(0, limit)
          .map(([key]) => key),
      ),
      dropLog: this.#call('dropLog', () => {
        this.log = [];
        this.last.clear();
      }),
      close: async () => undefined,
    };
  }

  #call<Args extends unknown[], Result>(name: Call, work: (...args: Args) => Result) {
    return async (...args: Args): Promise<Result> => {
      this.calls.push({ name, args });
      if (this.isDown) throw new CacheError('UNITE_CACHE_REMOTE_TIMEOUT', 'no answer');
      const refusal = this.refusals.get(name);
      if (refusal) throw refusal;
      const result = work(...args);
      const held = this.#held;
      if (held && this.#heldCalls.has(name)) await new Promise<void>((resolve) => held.push(resolve));
      return result;
    };
  }

  #read(key: string, lease: Lease | undefined): RemoteRead {
    const entry = this.entries.get(key);
    if (entry && entry.untilMs > this.#nowMs()) {
      return { entry: { ...entry, ttlMs: entry.untilMs - this.#nowMs() }, leased: false };
    }
    return { leased: lease !== undefined && this.#lease(key, lease) };
  }

  #lease(key: string, { id, ttlMs }: Lease): boolean {
    const held = this.leases.get(key);
    if (held && held.id !== id && held.untilMs > this.#nowMs()) return false;
    this.leases.set(key, { id, untilMs: this.#nowMs() + ttlMs });
    return true;
  }

  #put(key: string, { bytes, stamp, ttlMs, leaseId }: RemotePut): boolean {
    if (this.leases.get(key)?.id === leaseId) this.leases.delete(key);
    if ((this.entries.get(key)?.stamp ?? 0) > stamp) return false;
    this.entries.set(key, { bytes, stamp, untilMs: this.#nowMs() + ttlMs });
    return true;
  }

  #sync({ since, names }: SyncRequest): SyncReply {
    const newest = this.log.at(-1)?.mark;
    const clearedAt = this.last.get('*') ?? 0;
    const nothing = { entries: [], more: false, lastInvalidations: [], now: this.#position(), clearedAt };
    if (!newest || clearedAt === 0) return { ...nothing, state: 'lost' };
    const at = this.log.findIndex(({ mark }) => mark.id === since?.id);
    const all = since ? this.log.slice(at + 1) : [];
    const latest = Math.max(
      ...names.filter((name) => name !== '*').map((name) => this.last.get(name) ?? 0),
      0,
    );
    return {
      ...nothing,
      state: !since || at >= 0 ? 'whole' : isBefore(since, this.log[0]?.mark) ? 'behind' : 'lost',
      mark: newest,
      entries: at >= 0 ? all.slice(0, this.perSync) : [],
      more: at >= 0 && all.length > this.perSync,
      lastInvalidations: names.map((name) => this.last.get(name) ?? 0),
      token: this.log.find(({ mark }) => mark.position === latest)?.token || undefined,
    };
  }

  #latest(names: readonly string[]): number {
    return Math.max(...names.map((name) => this.last.get(name) ?? 0));
  }

  #position(): number {
    return this.#nowMs() * 1_000;
  }
}

function isBefore(one: LogMark, other: LogMark | undefined): boolean {
  return other !== undefined && one.position < other.position;
}
