import { describeValue } from '@unite/shared';
import { type RedisLike as AnyRedis, checkClient, isRedisLike, redisSender } from '@unite/shared/redis';
import { describeError } from '../../describe-error';
import { NoAnswerError, RunEndedError, within } from '../within';
import { serverAddress } from './server-address';
import type { RedisLike } from './verify-redis-types';

/** A client in use by a verifier. */
export interface RedisSession {
  /** @throws CommandError, which names the command */
  send(words: readonly string[], key: string): Promise<unknown>;
  /** The last command had no answer, and the next one would wait as long. */
  readonly isSilent: boolean;
  close(): Promise<void>;
}

/** A command that failed. */
export class CommandError extends Error {
  readonly command: string;
  readonly reason: unknown;
  /** `undefined` where the client does not tell it. */
  readonly address: string | undefined;

  constructor(command: string, reason: unknown, address: string | undefined) {
    super(`${command}: ${describeError(reason).message}`);
    this.command = command;
    this.reason = reason;
    this.address = address;
  }
}

/** A client's own events and ends, where it has them. */
interface Events {
  on?(event: 'error', listener: (error: unknown) => void): unknown;
  off?(event: 'error', listener: (error: unknown) => void): unknown;
  destroy?(): unknown;
  disconnect?(): unknown;
  readonly stream?: { destroy?(): unknown } | undefined;
}

/**
 * Opens the client, if it is not open.
 *
 * @throws CommandError for the command `connect`; TypeError for what is no client, or one with settings that do not do
 */
export async function openRedis(
  given: RedisLike | (() => RedisLike),
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<RedisSession> {
  const client = typeof given === 'function' ? given() : given;
  if (!isRedisLike(client)) {
    throw new TypeError(
      `verifyRedis: client() must make a client of redis or ioredis, got ${typeof client === 'string' ? 'text' : describeValue(client)}`,
    );
  }
  const events = client as Events;
  let lastError: unknown;
  let isSilent = false;
  const remember = (error: unknown): void => {
    lastError = error;
  };
  events.on?.('error', remember);
  const sender = redisSender(client as AnyRedis);

  const close = async (): Promise<void> => {
    try {
      await sender.close?.();
      if (typeof given === 'function') await hangUp(events);
    } catch {
      // It was closed already.
    }
    events.off?.('error', remember);
  };
  const attempt = async (command: string, work: () => Promise<unknown>): Promise<unknown> => {
    try {
      return await within(limits.timeoutMs, limits.signal, work);
    } catch (error) {
      isSilent = error instanceof NoAnswerError || error instanceof RunEndedError;
      // Clients wait for a connection, and tell only by an event why it does not come; or that the password was wrong.
      const isTold = isSilent || command === 'connect' || describeError(error).message.startsWith('NOAUTH');
      throw new CommandError(command, isTold ? (lastError ?? error) : error, serverAddress(client));
    }
  };
  try {
    checkClient('verifyRedis', client);
    await attempt('connect', async () => sender.connect?.());
  } catch (error) {
    await close();
    throw error;
  }
  return {
    send: (words, key) => attempt(words[0] ?? '', () => sender.send(words, { key, bytes: false })),
    get isSilent() {
      return isSilent;
    },
    close,
  };
}

/** A frozen server would keep an orderly goodbye, the socket and the process waiting. */
async function hangUp(client: Events): Promise<void> {
  const { stream } = client;
  await (client.destroy ?? client.disconnect)?.call(client);
  // ioredis waits for the other side to end it too.
  stream?.destroy?.();
}
