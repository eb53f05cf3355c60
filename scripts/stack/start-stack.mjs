import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createChildren } from '../lib/children.mjs';
import { runTool } from '../lib/run-tool.mjs';
import { startSideProgram } from '../lib/start-side-program.mjs';
import { createGuard } from '../services/src/plain/guard.mjs';
import { importServices } from './import-services.mjs';
import { startRestartableRedis } from './restartable-redis.mjs';
import { startProxiedApp } from './start-proxied-app.mjs';
import { startTraceReceiver } from './start-trace-receiver.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const crmDirectory = join(root, 'examples', 'crm');
const directories = { crm: crmDirectory, api: join(root, 'examples', 'express-api') };

/**
 * The whole of it on this machine, as it would stand in production: PostgreSQL with two replicas, Redis, a receiver of
 * traces, a model, an identity provider, and of each application copies behind an HAProxy with the slots `blue` and
 * `green`. What is started here has to be built. Everything ends with `close()`, and with this process.
 *
 * @param {{
 *   apps?: readonly ('crm' | 'api')[], copies?: 1 | 2, tls?: boolean, archive?: boolean, env?: NodeJS.ProcessEnv,
 *   onProgress?: (text: string) => void, signal?: AbortSignal | undefined,
 * }} [options] `copies`: with 1, the slot `green` is free for a deployment; with `archive` backups can
 *   be restored; `env` is for every copy, such as `TRACE_RATIO`
 */
export async function startStack({
  apps: names = ['crm', 'api'],
  copies = 2,
  tls = false,
  archive = false,
  env = {},
  onProgress = () => {},
  signal,
} = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'unite-stack-'));
  const guard = createGuard({ removeDirectory: directory });
  const children = createChildren(guard);
  /** @type {Promise<{ close(): Promise<unknown> }>[]} */
  const owned = [];
  const own = (/** @type {any} */ starting) => {
    owned.push(starting);
    return starting;
  };
  const interrupt = () => void children.endAll();
  signal?.addEventListener('abort', interrupt);
  try {
    return await start();
  } catch (error) {
    await close();
    throw error;
  }

  async function start() {
    const services = await importServices();
    const certificates = tls
      ? await services.makeCertificates({ directory: join(directory, 'certificates') })
      : undefined;
    const common = { toolsDirectory: join(root, '.unite', 'tools'), signal };
    onProgress('Starting PostgreSQL, Redis and a receiver of traces');
    const [postgres, redis, receiver] = await Promise.all([
      own(services.startPostgres({ ...common, archive, tls: certificates })),
      own(startRestartableRedis(services.startRedis, { ...common, tls: certificates })),
      own(startTraceReceiver(services)),
    ]);

    onProgress('Starting HAProxy');
    /** @type {NodeJS.ProcessEnv} */
    let copyEnv = {};
    const { startHaproxy } = services;
    const proxied = { ...common, children, certificates, startHaproxy, env: () => copyEnv };
    /** @type {Record<string, import('./start-proxied-app.mjs').ProxiedApp>} */
    const apps = {};
    for (const name of names)
      apps[name] = await own(startProxiedApp({ ...proxied, name, directory: directories[name] }));
    const publicUrl = (apps.crm ?? apps.api)?.url ?? '';

    copyEnv = {
      NODE_ENV: 'production',
      DATABASE_URL: postgres.primaryUrl,
      REPLICA_URLS: postgres.replicaUrls.join(','),
      REDIS_URL: redis.url,
      OTLP_TRACES_URL: receiver.url,
      PUBLIC_URL: publicUrl,
      KEYRING_FILE: join(directory, 'keys.json'),
      SESSION_SECRET: randomBytes(32).toString('hex'),
      INTERNAL_KEY: randomBytes(32).toString('hex'),
      CRM_DEMO: '1',
      TRUSTED_PROXIES: '1',
      // HAProxy asks every 200 ms, and believes the third failure.
      READINESS_GRACE_MS: '1000',
      ...(certificates && tlsEnv(certificates)),
      ...(await startBeside(publicUrl)),
      ...env,
    };
    await prepareDatabase(copyEnv);

    onProgress(`Starting ${copies === 1 ? 'one copy' : 'two copies'} of ${names.join(' and of ')}`);
    for (const app of Object.values(apps)) {
      const slots = app.slots.slice(0, copies);
      for (const slot of slots) await app.start(slot, { RELEASE: 'first', DEPLOYMENT: 'first' });
      await app.untilUp(slots.map(({ name }) => name));
    }
    return {
      postgres,
      redis,
      receiver,
      apps,
      certificates,
      databaseUrl: postgres.primaryUrl,
      /** What a copy runs with. */
      env: copyEnv,
      /** Of a workspace whose plan has no limit that a load reaches. */
      headers: { 'x-demo-workspace': 'meridian' },
      close,
    };
  }

  /** The model, and who signs people in. */
  async function startBeside(/** @type {string} */ publicUrl) {
    const { PATH, HOME } = process.env;
    const startSide = (/** @type {string} */ script, /** @type {NodeJS.ProcessEnv} */ own) =>
      startSideProgram({
        appDirectory: crmDirectory,
        script,
        env: { PATH, HOME, ...own },
        children,
        say: onProgress,
        lost: 'the rest goes on without it.',
      });
    return {
      OPENAI_BASE_URL: `${await startSide('scorer', {})}/v1`,
      OIDC_ISSUER: await startSide('identity-provider', {
        REDIRECT_URI: new URL('/api/session/callback', publicUrl).href,
      }),
      OIDC_CLIENT_ID: 'crm',
    };
  }

  async function prepareDatabase(/** @type {NodeJS.ProcessEnv} */ databaseEnv) {
    const { PATH, HOME } = process.env;
    for (const script of ['keyring', 'migrate', 'seed']) {
      onProgress(`Preparing the database: ${script}`);
      const command = [process.execPath, join(crmDirectory, 'scripts', `${script}.mjs`)];
      await runTool(children, command, { cwd: crmDirectory, env: { PATH, HOME, ...databaseEnv } });
      signal?.throwIfAborted();
    }
  }

  async function close() {
    signal?.removeEventListener('abort', interrupt);
    // Those that ask before those that are asked.
    await children.endAll();
    for (const starting of owned.splice(0).reverse())
      await starting.then(
        (one) => one.close(),
        () => undefined,
      );
    rmSync(directory, { recursive: true, force: true });
    guard.dismiss();
  }
}

/** @param {import('../services/src/index').Certificates} certificates */
function tlsEnv({ caPath, certPath, keyPath }) {
  return {
    TLS_CA_FILE: caPath,
    TLS_CERT_FILE: certPath,
    TLS_KEY_FILE: keyPath,
    // The app asks itself.
    NODE_EXTRA_CA_CERTS: caPath,
  };
}

/** @typedef {Awaited<ReturnType<typeof startStack>>} Stack */
