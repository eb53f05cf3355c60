import { failureWords } from './failure-words';

/** First words of Redis's refusals. https://github.com/redis/redis/blob/7.2/src/server.c (shared objects) */
const redisWords: Readonly<Record<string, string>> = {
  READONLY: 'is a read-only replica',
  OOM: 'is full: maxmemory is reached',
  LOADING: 'loads its data',
  NOAUTH: 'refuses the login',
  WRONGPASS: 'refuses the login',
  NOPERM: 'does not permit it to this user',
  MASTERDOWN: 'has lost its primary',
  MISCONF: 'cannot save to disk, and takes no writes',
  NOREPLICAS: 'has too few replicas to take writes',
  CLUSTERDOWN: 'the cluster is down',
  BUSY: 'is busy with a script',
};

/** What clients have no codes for: ioredis, node-redis. */
const closedConnection = /^(Connection is closed|The client is closed|Socket closed unexpectedly)/;

/** Why Redis did not answer as it should, without a host or a key. */
export function redisFailure(error: unknown): string {
  return failureWords(error, redisWords, (message) => {
    if (closedConnection.test(message)) return 'ECONNRESET';
    const [, word] = /^-?([A-Z]{3,})\b/.exec(message) ?? [];
    return word !== undefined && Object.hasOwn(redisWords, word) ? word : undefined;
  });
}
