import { randomBytes } from 'node:crypto';
import { CacheError } from '../errors';
import { keyMatcher, redisGlob } from '../key/key-pattern';
import type {
  AppendReply,
  AppendRequest,
  Lease,
  LogMark,
  RemoteConnection,
  RemotePut,
  RemoteRead,
  SyncReply,
  SyncRequest,
} from '../remote-types';
import { isRefusal, type RedisCommands } from './redis-commands';
import type { RedisLayerOptions, RedisReply } from './redis-types';
import {
  appendScript,
  countReadsScript,
  deleteOlderScript,
  headerLength,
  leaseScript,
  linkScript,
  putScript,
  readScript,
  releaseScript,
  type Script,
  syncScript,
} from './scripts';

const dayMs = 86_400_000;
/** Redis counts no further than this allows for. */
const longestTtlMs = 10 * 365 * dayMs;
/** The log of an application that is not used any more goes after this. */
const logTtlMs = 7 * dayMs;
/** Entries of the log in one reply. */
const entriesPerSync = 500;
/** Keys whose reads are counted, for each definition. */
const countedKeys = 1_000;

/** The layer in Redis. Braces keep what belongs together in one slot of a cluster. */
export class RedisConnection implements RemoteConnection {
  readonly #commands: RedisCommands;
  readonly #namespace: string;
  readonly #limits: Required<{ [Name in 'maxEntryBytes' | 'maxLogEntries' | 'maxLogNames']: number }>;
  readonly #log: string;
  readonly #last: string;
  readonly #links: string;
  /** How far the layer's clock is ahead of ours, in milliseconds. */
  #aheadMs = 0;

  constructor(commands: RedisCommands, namespace: string, options: RedisLayerOptions) {
    const { maxEntryBytes = 8 * 2 ** 20, maxLogEntries = 10_000, maxLogNames = 100_000 } = options;
    this.#commands = commands;
    this.#namespace = namespace;
    this.#limits = { maxEntryBytes, maxLogEntries, maxLogNames };
    this.#log = `{${namespace}}:log`;
    this.#last = `{${namespace}}:log:last`;
    this.#links = `{${namespace}}:log:link:`;
  }

  async read(key: string, lease?: Lease): Promise<RemoteRead> {
    const [bytes, leased] = lease ? await this.#readOrLease(key, lease) : [await this.#get(key), 0];
    return bytes ? { entry: this.#parseEntry(bytes), leased: false } : { leased: Number(leased) === 1 };
  }

  async lease(key: string, { id, ttlMs }: Lease, seenStamp = Number.NaN): Promise<boolean> {
    const keys = [this.#lease(key), this.#entry(key)];
    const words = [id, String(ttlMs), Number.isNaN(seenStamp) ? '' : String(seenStamp)];
    return Number(await this.#commands.run(leaseScript, keys, words)) === 1;
  }

  async release(key: string, leaseId: string): Promise<void> {
    await this.#commands.run(releaseScript, [this.#lease(key)], [leaseId]);
  }

  async put(key: string, { bytes, stamp, ttlMs, leaseId = '' }: RemotePut): Promise<boolean> {
    if (bytes.length > this.#limits.maxEntryBytes) {
      throw new RangeError(
        `${bytes.length} bytes are more than maxEntryBytes, ${this.#limits.maxEntryBytes}`,
      );
    }
    // Clients take no other bytes.
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const words = [
      digits(stamp),
      buffer,
      String(Math.min(longestTtlMs, Math.max(1, Math.round(ttlMs)))),
      leaseId,
    ];
    return Number(await this.#commands.run(putScript, [this.#entry(key), this.#lease(key)], words)) === 1;
  }

  async sync({ since, names, touch, retainMs = 0 }: SyncRequest): Promise<SyncReply> {
    const touchMs = touch ? String(logTtlMs) : '';
    const words = [since?.id ?? '', touchMs, String(entriesPerSync), String(retainMs), ...names];
    const reply = await this.#onLog(syncScript, [this.#log, this.#last], words);
    const [state, newest, cleared, now, entries, more, last, token] = reply as SyncWords;
    this.#aheadMs = Number(now) / 1_000 - Date.now();
    return {
      state,
      mark: markOf(newest),
      clearedAt: Number(cleared),
      now: Number(now),
      entries: entries.map(([id, fields]) => ({ mark: markOf(id) as LogMark, names: namesIn(fields) })),
      more: Number(more) === 1,
      lastInvalidations: last.map(Number),
      token: token === '' ? undefined : token,
    };
  }

  async append({ names, unless, after = 0, token = '', retainMs }: AppendRequest): Promise<AppendReply> {
    const words = [
      String(randomBytes(6).readUIntBE(0, 6)),
      String(after),
      String(this.#limits.maxLogNames),
      String(this.#limits.maxLogEntries),
      String(retainMs),
      String(logTtlMs),
      token,
      unless ? String(unless.after) : '',
      String(unless?.names.length ?? 0),
      ...(unless?.names ?? []),
      ...names,
    ];
    const keys = [this.#log, this.#last, this.#links];
    const [id, all] = (await this.#onLog(appendScript, keys, words)) as [string, string[]];
    return { mark: markOf(id), names: all };
  }

  async link(cause: string, effect: string, ttlMs: number): Promise<readonly string[] | undefined> {
    const reply = this.#commands.run(linkScript, [this.#links], [cause, effect, String(ttlMs)]);
    const way = (await reply.catch(fanOut)) as string[];
    return way.length === 0 ? undefined : way;
  }

  async unlink(cause: string, effect: string): Promise<void> {
    const key = this.#links + cause;
    await this.#commands.send(['SREM', key, effect], key);
  }

  async deleteMatching(pattern: string, before: number): Promise<number> {
    const glob = `${this.#namespace}:{${redisGlob(pattern)}}`;
    const matches = keyMatcher(pattern);
    const keyIn = new RegExp(`^${this.#namespace.replaceAll('.', '\\.')}:\\{([^]*)\\}$`);
    let deleted = 0;
    for (const sender of await this.#commands.masters()) {
      let cursor = '0';
      do {
        const words = ['SCAN', cursor, 'MATCH', glob, 'COUNT', '1000'];
        const [next, found] = (await this.#commands.send(words, '', { sender })) as [string, string[]];
        cursor = String(next);
        const keys = found.map(String).filter((name) => matches(keyIn.exec(name)?.[1] ?? '\0'));
        const counts = keys.map((name) => this.#commands.run(deleteOlderScript, [name], [String(before)]));
        for (const count of await Promise.all(counts)) deleted += Number(count);
      } while (cursor !== '0');
    }
    return deleted;
  }

  async countReads(definition: string, counts: ReadonlyMap<string, number>): Promise<void> {
    const words = [...counts].flatMap(([key, count]) => [String(count), key]);
    await this.#commands.run(
      countReadsScript,
      [this.#reads(definition)],
      [String(countedKeys), String(dayMs), ...words],
    );
  }

  async mostRead(definition: string, limit: number): Promise<readonly string[]> {
    // To Redis, 0 to -1 is all of them.
    if (limit < 1) return [];
    const key = this.#reads(definition);
    return (await this.#commands.send(['ZREVRANGE', key, '0', String(limit - 1)], key)) as string[];
  }

  async dropLog(): Promise<void> {
    await this.#commands.send(['UNLINK', this.#log, this.#last], this.#log);
  }

  close(): Promise<void> {
    return this.#commands.close();
  }

  /** What stands in the place of the log and is none is a log that was lost. */
  #onLog(script: Script, keys: readonly string[], words: readonly string[]): Promise<RedisReply> {
    return this.#commands.run(script, keys, words).catch(async (error: unknown) => {
      if (!isRefusal(error, 'WRONGTYPE')) throw error;
      await this.dropLog();
      return this.#commands.run(script, keys, words);
    });
  }

  /** What stands there and is no text is no entry. */
  async #get(key: string): Promise<Uint8Array | null> {
    const name = this.#entry(key);
    try {
      return (await this.#commands.send(['GET', name], name, { bytes: true })) as Uint8Array | null;
    } catch (error) {
      if (isRefusal(error, 'WRONGTYPE')) return Buffer.alloc(0);
      throw error;
    }
  }

  #readOrLease(key: string, { id, ttlMs }: Lease): Promise<[Uint8Array | null, number]> {
    const keys = [this.#entry(key), this.#lease(key)];
    const reply = this.#commands.run(readScript, keys, [id, String(ttlMs)], { bytes: true });
    return reply as Promise<[Uint8Array | null, number]>;
  }

  /** What is not an entry has no stamp that anybody trusts. */
  #parseEntry(bytes: Uint8Array): NonNullable<RemoteRead['entry']> {
    const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(headerLength, bytes.length)).toString(
      'latin1',
    );
    const [, stamp = Number.NaN, expires = 0] = /^U1(\d{16})(\d{16})$/.exec(header) ?? [];
    const ttlMs = Math.max(0, Math.floor(Number(expires) / 1_000 - this.#aheadMs - Date.now()));
    return { stamp: Number(stamp), bytes: bytes.subarray(headerLength), ttlMs };
  }

  #entry(key: string): string {
    return `${this.#namespace}:{${key}}`;
  }

  #lease(key: string): string {
    return `${this.#namespace}:{${key}}:lease`;
  }

  #reads(definition: string): string {
    return `{${this.#namespace}}:log:reads:${definition}`;
  }
}

type SyncWords = [
  state: SyncReply['state'],
  newest: string,
  clearedAt: string,
  now: string,
  entries: [id: string, fields: string[]][],
  more: number,
  lastInvalidations: string[],
  token: string,
];

function digits(position: number): string {
  return String(position).padStart(16, '0');
}

/** `1764106278000000-123`: a position and a nonce. */
function markOf(id: string): LogMark | undefined {
  return id === '' ? undefined : { id, position: Number(id.slice(0, id.indexOf('-'))) };
}

function namesIn(fields: readonly string[]): string[] {
  return fields.filter((_, index) => index % 2 === 1 && fields[index - 1] === 'n');
}

function fanOut(error: unknown): never {
  if (error instanceof Error && error.message.includes('FANOUT')) {
    throw new CacheError('UNITE_CACHE_TAG_FAN_OUT', error.message.replace(/^.*FANOUT /, ''), {
      cause: error,
    });
  }
  throw error;
}
