import { createClient } from 'redis';

const pages = ['liveness', 'readiness', 'startup'];

/**
 * One thing each.
 *
 * - `subjects`: what has to be named as failed, and nothing else.
 * - `begin`: breaks it, and returns what mends it.
 */
export const breaks = [
  {
    name: 'a replica is frozen',
    subjects: ['node replica_1'],
    async begin({ postgres }) {
      await postgres.nodes[1].kill('SIGSTOP');
      return () => postgres.nodes[1].kill('SIGCONT');
    },
  },
  {
    name: 'replay is paused on a replica',
    subjects: ['replica replica_2'],
    async begin({ postgres, query }) {
      await query(postgres.replicaUrls[1], 'SELECT pg_wal_replay_pause()');
      return () => query(postgres.replicaUrls[1], 'SELECT pg_wal_replay_resume()');
    },
  },
  {
    name: 'the database’s password was rotated',
    subjects: ['node primary', 'node replica_1', 'node replica_2'],
    async begin(setUp) {
      setUp.password = 'yesterday';
      return () => {
        setUp.password = 'app-secret';
      };
    },
  },
  {
    name: 'the application’s role is read-only by default',
    subjects: ['primary primary'],
    async begin({ postgres, query }) {
      await query(postgres.primaryUrl, 'ALTER ROLE app SET default_transaction_read_only = on');
      return () => query(postgres.primaryUrl, 'ALTER ROLE app RESET default_transaction_read_only');
    },
  },
  {
    name: 'Redis has become a replica',
    subjects: ['round trip'],
    begin: ({ redis }) => tell(redis, [['REPLICAOF', '127.0.0.1', '1']], [['REPLICAOF', 'NO', 'ONE']]),
  },
  {
    name: 'Redis evicts what a store has to keep',
    subjects: ['eviction'],
    begin: ({ redis }) =>
      tell(
        redis,
        [
          ['CONFIG', 'SET', 'maxmemory', '64mb'],
          ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'],
        ],
        [
          ['CONFIG', 'SET', 'maxmemory', '0'],
          ['CONFIG', 'SET', 'maxmemory-policy', 'noeviction'],
        ],
      ),
  },
  {
    name: 'the certificate expired yesterday',
    subjects: ['certificate'],
    begin: (setUp) => present(setUp, ({ expired, intermediate }) => [expired, intermediate]),
  },
  {
    name: 'the server does not send the intermediate certificate',
    subjects: ['certificate chain'],
    begin: (setUp) => present(setUp, ({ leaf }) => [leaf]),
  },
  {
    name: 'a cache answers for the health pages',
    subjects: pages,
    async begin(setUp) {
      const kept = new Map();
      return putInFront(setUp, (request, response) => {
        const nonce = kept.get(request.url) ?? request.headers['x-health-nonce'];
        kept.set(request.url, nonce);
        response
          .setHeader('x-health-nonce', nonce)
          .end('{"status":"up","groups":{"ready":"up"},"state":"ready"}');
      });
    },
  },
  {
    name: 'a sign-in stands before the health pages',
    subjects: pages,
    begin: (setUp) =>
      putInFront(setUp, (_, response) => response.writeHead(302, { location: '/sign-in?next=/' }).end()),
  },
  {
    name: 'a check of the application is down',
    subjects: ['readiness', 'check redis'],
    async begin(setUp) {
      setUp.isRedisUp = false;
      return () => {
        setUp.isRedisUp = true;
      };
    },
  },
  {
    // The last one: there is no way back.
    name: 'a replica was promoted, and the primary not fenced',
    subjects: ['primary'],
    async begin({ postgres, query }) {
      await query(postgres.replicaUrls[0], 'SELECT pg_promote()');
    },
  },
];

async function tell({ url }, words, mending) {
  await send(url, words);
  return () => send(url, mending);
}

async function send(url, commands) {
  const client = await createClient({ url }).connect();
  for (const words of commands) await client.sendCommand(words);
  client.destroy();
}

async function present({ tls, certificates }, choose) {
  const show = (chain) =>
    tls.setSecureContext({ cert: chain.map(({ cert }) => cert).join(''), key: chain[0].key });
  show(choose(certificates));
  return () => show([certificates.leaf, certificates.intermediate]);
}

async function putInFront(setUp, answer) {
  setUp.inFront = (request, response) => {
    answer(request, response);
    return true;
  };
  return () => {
    setUp.inFront = undefined;
  };
}
