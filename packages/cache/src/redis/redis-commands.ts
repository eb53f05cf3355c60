import type { RedisSender } from '@unite/shared/redis';
import { CacheError } from '../errors';
import type { RedisReply, RedisWord } from './redis-types';
import type { Script } from './scripts';

/** After this long without any answer the connection is taken for dead, in milliseconds; ±20 %, so that a fleet comes back one by one. */
const silenceMs = 3_000;

/** While others are answered, one waits this many times as long: Redis is busy then, not gone. */
const patience = 5;

/** Commands with a deadline of their own, whatever the client does about a server that has stopped. */
export class RedisCommands {
  readonly #sender: RedisSender;
  readonly #timeoutMs: number;
  readonly #maxInFlight: number;
  #inFlight = 0;
  #isOpen: boolean;
  #connecting: Promise<unknown> | undefined;
  #silentSinceMs: number | undefined;
  #answeredAtMs = Number.NEGATIVE_INFINITY;

  constructor(sender: RedisSender, limits: { readonly timeoutMs: number; readonly maxInFlight: number }) {
    this.#sender = sender;
    this.#isOpen = !sender.connect;
    this.#timeoutMs = limits.timeoutMs;
    this.#maxInFlight = limits.maxInFlight;
  }

  /**
   * Runs a script where its first key lies.
   *
   * @throws CacheError `UNITE_CACHE_REMOTE_TIMEOUT`, `UNITE_CACHE_REMOTE_REFUSED`, `UNITE_CACHE_REMOTE_FAILED`
   */
  run(
    script: Script,
    keys: readonly string[],
    words: readonly RedisWord[],
    { bytes = false }: { readonly bytes?: boolean } = {},
  ): Promise<RedisReply> {
    const rest = [String(keys.length), ...keys, ...words];
    const key = keys[0] as string;
    return this.send(['EVALSHA', script.sha, ...rest], key, { bytes }).catch((error: unknown) => {
      if (!isRefusal(error, 'NOSCRIPT')) throw error;
      return this.send(['EVAL', script.text, ...rest], key, { bytes });
    });
  }

  send(
    words: readonly RedisWord[],
    key: string,
    { bytes = false, sender = this.#sender } = {},
  ): Promise<RedisReply> {
    if (this.#inFlight >= this.#maxInFlight) {
      const text = `${this.#inFlight} commands are under way already`;
      return Promise.reject(new CacheError('UNITE_CACHE_REMOTE_FAILED', text));
    }
    this.#inFlight += 1;
    const route = { key, bytes, isLate: false };
    return new Promise((resolve, reject) => {
      const sentAtMs = performance.now();
      let timer = setTimeout(() => lookAgain(), this.#timeoutMs);
      // A loop that was blocked has answers waiting.
      const lookAgain = (): void => void setImmediate(() => !isSettled && late());
      const late = (): void => {
        const nowMs = performance.now();
        const silentMs = nowMs - Math.max(sentAtMs, this.#answeredAtMs);
        if (silentMs < this.#timeoutMs && nowMs - sentAtMs < patience * this.#timeoutMs) {
          timer = setTimeout(lookAgain, this.#timeoutMs - silentMs);
          return;
        }
        route.isLate = true;
        reject(this.#unanswered(String(words[0])));
        this.#unheard();
      };
      let isSettled = false;
      const settle = (): void => {
        isSettled = true;
        this.#inFlight -= 1;
        this.#silentSinceMs = undefined;
        this.#answeredAtMs = performance.now();
        clearTimeout(timer);
      };
      const sent = this.#isOpen ? sendNow(sender, words, route) : this.#sendWhenOpen(sender, words, route);
      sent.then(
        (reply) => {
          settle();
          resolve(bytes ? (reply as RedisReply) : asText(reply));
        },
        (error: unknown) => {
          settle();
          reject(failure(error));
        },
      );
    });
  }

  async masters(): Promise<readonly RedisSender[]> {
    return (await this.#sender.masters?.()) ?? [this.#sender];
  }

  async close(): Promise<void> {
    await this.#sender.close?.();
  }

  /** Where there is no connection, that is why; a wrong address or password would look like a slow server else. */
  #unanswered(command: string): CacheError {
    const cause = this.#sender.connectionError?.();
    const reason = cause === undefined ? '' : `: ${messageOf(cause)}`;
    const text = `Redis did not answer ${command} within ${this.#timeoutMs} ms${reason}`;
    return new CacheError('UNITE_CACHE_REMOTE_TIMEOUT', text, { cause });
  }

  /** A half-open connection stays so for many minutes, if nobody ends it. */
  #unheard(): void {
    const nowMs = performance.now();
    this.#silentSinceMs ??= nowMs;
    if (nowMs - this.#silentSinceMs < silenceMs * (0.8 + 0.4 * Math.random())) return;
    this.#silentSinceMs = nowMs;
    this.#sender.reconnect?.().catch(() => undefined);
  }

  async #sendWhenOpen(
    ...[sender, words, route]: [RedisSender, readonly RedisWord[], Route]
  ): Promise<unknown> {
    await this.#open();
    // Nobody waits for it any more, and there may be thousands.
    return route.isLate ? undefined : sender.send(words, route);
  }

  /** A client that cannot connect goes on trying; whoever comes meanwhile is told by his own deadline. */
  async #open(): Promise<void> {
    this.#connecting ??= this.#sender.connect?.().then(
      () => {
        this.#isOpen = true;
      },
      (error: unknown) => {
        this.#connecting = undefined;
        throw error;
      },
    );
    await this.#connecting;
  }
}

/** A client may throw at once. */
function sendNow(sender: RedisSender, words: readonly RedisWord[], route: Route): Promise<unknown> {
  try {
    return sender.send(words, route);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** A client may give bytes where text will do. */
function asText(reply: unknown): RedisReply {
  if (Array.isArray(reply)) return reply.map(asText);
  if (!(reply instanceof Uint8Array)) return reply as RedisReply;
  return Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength).toString();
}

interface Route {
  readonly key: string;
  readonly bytes: boolean;
  /** Given up before it was sent. */
  isLate: boolean;
}

/** Whether Redis itself said no, with this word. */
export function isRefusal(error: unknown, word: string): boolean {
  return (
    CacheError.isInstance(error) &&
    error.code === 'UNITE_CACHE_REMOTE_REFUSED' &&
    error.message.includes(word)
  );
}

/** Replies that begin with a word in capitals are Redis's own; a closed connection is not. */
function failure(error: unknown): CacheError {
  const text = messageOf(error);
  const isRefused =
    /^-?[A-Z]{2,}[A-Z0-9]* /.test(text) && !/^(LOADING|CLUSTERDOWN|TRYAGAIN|BUSY) /.test(text);
  return new CacheError(isRefused ? 'UNITE_CACHE_REMOTE_REFUSED' : 'UNITE_CACHE_REMOTE_FAILED', text, {
    cause: error,
  });
}

/** An `AggregateError` of several addresses has no message, but the code of the first. */
function messageOf(error: unknown): string {
  const { message, code } = Object(error) as { readonly message?: string; readonly code?: string };
  return message || code || String(error);
}
