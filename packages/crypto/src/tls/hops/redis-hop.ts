import type { Socket } from 'node:net';
import { expects } from '@unite/shared';
import { isRedisLike, type RedisLike, redisSender } from '@unite/shared/redis';
import { clientTlsOf } from '../client-tls';
import type { RedisHopOptions, TlsHopCheck, TlsSight } from '../posture-types';
import { serviceUrl } from '../service-url';
import { aborted } from './aborted';
import { happens } from './connection';
import { checkHopOptions } from './hop-options';
import { plaintextSight, probe } from './probe';

/**
 * The way from the application to a Redis: the handshake as it is seen from here and, with a client, whether the
 * server has another port without TLS. Redis tells nothing of the connections themselves.
 *
 * @throws TypeError for options that are none
 * @example
 * redisHop({ url: env.redisUrl, ca, client: redis });
 */
export function redisHop(options: RedisHopOptions): TlsHopCheck {
  checkHopOptions('redisHop', options, { client: expects('a client of redis or ioredis', isRedisLike) });
  const { url, host, port } = serviceUrl('redisHop', options.url, { 'rediss:': 6379, 'redis:': 6379 });
  const { client, servername = host, from = 'app', name = `Redis ${url.hostname}:${port}` } = options;
  const tls = clientTlsOf('redisHop', options);
  return {
    name,
    from,
    to: `${url.hostname}:${port}`,
    look: async (run) => {
      if (url.protocol === 'redis:') return [plaintextSight(url.protocol)];
      const [seen, ports] = await Promise.all([
        probe({ host, port, servername, tls, tryPlaintext: ping }, run),
        client && portsInTime(client as RedisLike, run.signal),
      ]);
      return [ports ? withPorts(seen, ports) : seen];
    },
  };
}

/** What knows Redis's protocol answers a line, be it with an error. */
async function ping(socket: Socket): Promise<boolean> {
  socket.write('PING\r\n');
  try {
    return /^[+-]/.test(String(await happens(socket, 'data')));
  } catch {
    return false;
  }
}

interface Ports {
  /** 0: there is none. */
  readonly plain: number;
  readonly protocols: string;
}

/** What was seen without it is worth telling, though a client may try for longer. */
function portsInTime(client: RedisLike, signal: AbortSignal): Promise<Ports | undefined> {
  return Promise.race([askPorts(client, signal), aborted(signal)]).catch(() => undefined);
}

/** `undefined` where the user may not ask, as at hosted servers. */
async function askPorts(client: RedisLike, signal: AbortSignal): Promise<Ports | undefined> {
  const sender = redisSender(client);
  // One that never gets a connection would try for ever.
  const end = async (): Promise<void> => {
    await sender.close?.().catch(() => {});
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    await sender.connect?.();
    const ask = async (name: string): Promise<string | undefined> => {
      const answer = await sender.send(['CONFIG', 'GET', name], { key: '', bytes: false });
      // A list, or with RESP 3 a map.
      const value = Array.isArray(answer) ? answer[1] : (answer as Record<string, unknown>)[name];
      return value === undefined ? undefined : String(value);
    };
    return {
      plain: Number(await ask('port')),
      protocols: (await ask('tls-protocols')) || 'default protocols',
    };
  } catch {
    return undefined;
  } finally {
    signal.removeEventListener('abort', end);
    await end();
  }
}

function withPorts(seen: TlsSight, { plain, protocols }: Ports): TlsSight {
  if (plain === 0) return { ...seen, serverSays: `no port without TLS, ${protocols}` };
  return {
    ...seen,
    faults: [
      ...seen.faults,
      {
        status: 'failed',
        detail: `Redis has a port without TLS as well, ${plain}`,
        remedy: 'Set "port 0" in redis.conf, once nobody uses it.',
      },
    ],
  };
}
