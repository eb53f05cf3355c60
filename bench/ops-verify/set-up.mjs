import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:tls';
import pg from 'pg';
import { createClient } from 'redis';
import { lifecycleListener } from '../../packages/ops/dist/http.js';
import { createLifecycle } from '../../packages/ops/dist/index.js';
import { verifyDatabase, verifyHealth, verifyRedis, verifyTls } from '../../packages/ops/dist/verify.js';
import { startPostgres, startRedis } from '../../scripts/services/dist/index.js';
import { makeCertificates } from './certificates.mjs';

/** Everything that is verified. A break changes the servers, or what the verifiers are told of them. */
export async function startSetUp() {
  const [postgres, redis] = await Promise.all([startPostgres({ replicas: 2 }), startRedis()]);
  const setUp = {
    postgres,
    redis,
    certificates: makeCertificates(),
    password: 'app-secret',
    isRedisUp: true,
    /** Answers in place of the application: `(request, response) => boolean`. */
    inFront: undefined,
    query: (url, text) => withClient(url, (client) => client.query(text)),
    verifiers: () => verifiersOf(setUp),
  };
  await setUp.query(postgres.primaryUrl, "CREATE ROLE app LOGIN PASSWORD 'app-secret'");

  const lifecycle = createLifecycle({
    checks: {
      redis: {
        maxAgeMs: 1,
        run: () => {
          if (!setUp.isRedisUp) throw new Error('no answer');
        },
      },
    },
  });
  await lifecycle.start();
  const application = lifecycleListener(lifecycle, (_, response) => response.end('hello'));
  const web = createServer((request, response) => {
    if (!setUp.inFront?.(request, response)) application(request, response);
  });
  const { leaf, intermediate } = setUp.certificates;
  setUp.tls = createTlsServer({ cert: leaf.cert + intermediate.cert, key: leaf.key }).on(
    'tlsClientError',
    () => {},
  );
  setUp.webUrl = `http://127.0.0.1:${await listen(web)}`;
  setUp.tlsPort = await listen(setUp.tls);
  setUp.close = async () => {
    web.close();
    setUp.tls.close();
    await Promise.all([lifecycle.close(), postgres.close(), redis.close()]);
  };
  return setUp;
}

function verifiersOf({ postgres, redis, password, certificates, webUrl, tlsPort }) {
  const nodes = postgres.nodes.map(({ name, url }) => ({
    name,
    url: Object.assign(new URL(url), { username: 'app', password }).href,
  }));
  return [
    verifyHealth({ url: webUrl, timeoutMs: 2_000, slowMs: 2_000 }),
    verifyDatabase({ nodes, Client: pg.Client, timeoutMs: 2_000, maxLagMs: 2_000 }),
    verifyRedis({ client: () => createClient({ url: redis.url }), purpose: 'store', timeoutMs: 2_000 }),
    verifyTls({ host: 'localhost', port: tlsPort, ca: certificates.root.cert, timeoutMs: 2_000 }),
  ];
}

async function withClient(connectionString, use) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function listen(server) {
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  return server.address().port;
}
