/**
 * The layer that processes share: entries, leases on loads, and the invalidation log. Every call settles within
 * the layer's own deadline, and rejects when the layer cannot be reached or refuses.
 *
 * Positions are whole numbers that only grow: microseconds since the epoch by the layer's clock, or the last
 * position and one where that has not moved on.
 */
export interface RemoteLayer {
  /** Called once by the cache, before anything else. */
  open(namespace: string): RemoteConnection;
}

/** A remote layer in use. */
export interface RemoteConnection {
  /** Reads an entry; where there is none, tries for the lease, if one is wanted. */
  read(key: string, lease?: Lease): Promise<RemoteRead>;
  /**
   * Tries for the lease of an entry that is there and not valid. Whoever has it already has it anew.
   *
   * @param seenStamp of that entry: where a later one has come since it was read, nobody has to load, and the answer is no
   */
  lease(key: string, lease: Lease, seenStamp?: number): Promise<boolean>;
  /** Gives a lease back, if it is still this one. */
  release(key: string, leaseId: string): Promise<void>;
  /** Keeps an entry, unless one with a later stamp is there, and gives the lease back. */
  put(key: string, entry: RemotePut): Promise<boolean>;
  /** What is new in the log since `since`, and when the given names were last invalidated. */
  sync(request: SyncRequest): Promise<SyncReply>;
  /** Adds an invalidation to the log, with what follows from it by links. */
  append(request: AppendRequest): Promise<AppendReply>;
  /** Makes `effect` follow from `cause`. Resolves to the way that would close a cycle, if any. */
  link(cause: string, effect: string, ttlMs: number): Promise<readonly string[] | undefined>;
  unlink(cause: string, effect: string): Promise<void>;
  /** Deletes entries whose key matches the glob and whose stamp is before a position. Resolves to how many. */
  deleteMatching(pattern: string, before: number): Promise<number>;
  /** Adds to the counts of the most read keys, of which the layer keeps about a thousand. */
  countReads(definition: string, counts: ReadonlyMap<string, number>): Promise<void>;
  /** The most read keys, the most popular first. */
  mostRead(definition: string, limit: number): Promise<readonly string[]>;
  /** Removes the log, so that everybody notices: where an invalidation is refused for good. */
  dropLog(): Promise<void>;
  /** Ends connections that the layer has opened itself. */
  close(): Promise<void>;
}

/** The right to load one entry for all processes. */
export interface Lease {
  readonly id: string;
  readonly ttlMs: number;
}

/** What a read of an entry found. */
export interface RemoteRead {
  /** The stored entry; its stamp is read from `RemotePut`. */
  readonly entry?: { readonly stamp: number; readonly bytes: Uint8Array; readonly ttlMs: number } | undefined;
  /** There is none, and the lease is the caller's. */
  readonly leased: boolean;
}

/** An entry to store. */
export interface RemotePut {
  readonly bytes: Uint8Array;
  /** Position of the log before the load began. */
  readonly stamp: number;
  readonly ttlMs: number;
  readonly leaseId?: string | undefined;
}

/** A place in the log that can be told from the same place in another history. */
export interface LogMark {
  readonly position: number;
  readonly id: string;
}

/** Asks what was invalidated since a place in the log. */
export interface SyncRequest {
  readonly since?: LogMark | undefined;
  readonly names: readonly string[];
  /** Also writes something, which fails where the layer cannot be written to: then it is of no use. */
  readonly touch: boolean;
  /** With a touch: names are remembered for as long from now on, whoever appends. See `AppendRequest`. */
  readonly retainMs?: number | undefined;
}

/** What was invalidated since, and whether that is all of it. */
export interface SyncReply {
  /**
   * - `whole`: `entries` are what came after `since`, or nothing was asked.
   * - `behind`: `since` is older than what the log retains.
   * - `lost`: the log is missing, or has another history than that of `since`.
   */
  readonly state: 'whole' | 'behind' | 'lost';
  /** Position of the last invalidation of everything; 0 when the log is missing. */
  readonly clearedAt: number;
  /** The newest place; absent when the log is missing. */
  readonly mark?: LogMark | undefined;
  /** What came after `since`, in order. */
  readonly entries: readonly LogEntry[];
  /** There are more entries than one reply holds. */
  readonly more: boolean;
  /** For each name asked for, the position of its last invalidation; 0 when there is none. */
  readonly lastInvalidations: readonly number[];
  /** The token that the latest of these came with. */
  readonly token?: string | undefined;
  /** The layer's time, as a position. */
  readonly now: number;
}

/** One invalidation. */
export interface LogEntry {
  readonly mark: LogMark;
  readonly names: readonly string[];
}

/** Asks for an invalidation to be appended to the log. */
export interface AppendRequest {
  readonly names: readonly string[];
  /** Only if none of these was invalidated after that position. */
  readonly unless?: { readonly names: readonly string[]; readonly after: number } | undefined;
  /** The position is later than this one. */
  readonly after?: number | undefined;
  /** What the database says about the write. */
  readonly token?: string | undefined;
  /** Longest time for which an entry may lie in the layer, in milliseconds: names are remembered as long. */
  readonly retainMs: number;
}

/** Where the invalidation stands, and what it covers. */
export interface AppendReply {
  /** Absent when `unless` held it back. */
  readonly mark?: LogMark | undefined;
  /** All names, with those that follow. */
  readonly names: readonly string[];
}

/** Which entry a codec is given. */
export interface CodecEntry {
  readonly key: string;
  /** Whose entry it is, where the definition's scope is `tenant`. */
  readonly tenantId?: string | undefined;
}

/** Turns remote entries into other bytes and back, such as by encryption. */
export interface CacheCodec {
  encode(bytes: Uint8Array, entry: CodecEntry): Uint8Array | Promise<Uint8Array>;
  /** Whatever it throws makes the read a miss. */
  decode(bytes: Uint8Array, entry: CodecEntry): Uint8Array | Promise<Uint8Array>;
}
