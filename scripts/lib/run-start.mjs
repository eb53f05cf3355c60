import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freePort } from '../services/src/plain/free-port.mjs';
import { createGuard } from '../services/src/plain/guard.mjs';
import { takeLock } from '../services/src/plain/lock.mjs';
import { writeAppEnv } from './app-env-file.mjs';
import { createChildren } from './children.mjs';
import { startDrillControl } from './drill-control.mjs';
import { drillServers } from './drill-servers.mjs';
import { prepare, prepareSteps } from './prepare.mjs';
import { createProgress } from './progress.mjs';
import { runTool } from './run-tool.mjs';
import { startApi } from './start-api.mjs';
import { startSideProgram } from './start-side-program.mjs';
import { listenForStop } from './stop-signals.mjs';
import { supervise } from './supervise.mjs';
import { trustToo } from './trust-too.mjs';
import { whatToTry } from './what-to-try.mjs';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Everything between `npm start` and its end: brings the app up with all it needs, and takes it down again.
 *
 * @param {{
 *   root?: string, appDirectory?: string, appFilter?: string, stateDirectory?: string, isPrepared?: boolean,
 *   env?: NodeJS.ProcessEnv, isTls?: boolean,
 * }} [options] `isPrepared` leaves out pnpm, install and build; `isTls` has all that is started speak TLS 1.3 alone, by
 *   certificates that are made for it
 * @returns {Promise<number>} exit code
 */
export async function runStart({
  root = repository,
  appDirectory = join(root, 'examples', 'crm'),
  appFilter = '@unite/example-crm...',
  stateDirectory = join(root, '.unite'),
  isPrepared = false,
  env = process.env,
  isTls = process.argv.includes('--tls') || env.UNITE_TLS === '1',
} = {}) {
  const startedAtMs = performance.now();
  const hasKeyring = existsSync(join(appDirectory, 'scripts', 'keyring.mjs'));
  const progress = createProgress((isPrepared ? 0 : prepareSteps) + (hasKeyring ? 5 : 4));
  /** @type {ReturnType<typeof takeLock> | undefined} */
  let lock;
  try {
    mkdirSync(stateDirectory, { recursive: true });
    lock = takeLock(join(stateDirectory, 'start.lock'));
  } catch (error) {
    progress.say(refusal(error, stateDirectory));
    return 1;
  }
  if (lock.replacedPid)
    progress.say(`An earlier start (process ${lock.replacedPid}) ended without cleaning up; recovering.`);

  const guard = createGuard();
  const children = createChildren(guard);
  const stop = listenForStop({ onForce, say: progress.say });
  const interrupt = () => void children.endAll();
  stop.signal.addEventListener('abort', interrupt);
  /** @type {any} */
  let services;
  /** @type {Awaited<ReturnType<typeof startDrillControl>> | undefined} */
  let drillControl;
  /** @type {(() => void) | undefined} */
  let forgetAppEnv;
  try {
    const filters = [appFilter, '@unite/example-express-api...', '@unite/services...'];
    const toolEnv = isPrepared
      ? env
      : await prepare({ root, stateDirectory, filters, env, signal: stop.signal, children, progress });
    services = await progress.step('Starting PostgreSQL and Redis', startAll);
    if (services.redisMissing)
      progress.say(`${services.redisMissing}\nThe app runs on its in-memory stores.`);
    const servers = (env.CRM_DEMO ?? '1') === '1' ? drillServers(services) : [];
    if (servers.length > 0) drillControl = await startDrillControl({ servers, say: progress.say });
    const port = await choosePort(env.PORT, progress.say);
    const url = `${isTls ? 'https' : 'http'}://127.0.0.1:${port}`;
    const publicUrl = env.PUBLIC_URL ?? url;
    const beside = await startBeside(publicUrl);
    const ownEnv = {
      ...services.env,
      // The app asks itself, and `npm run unite` asks the app.
      ...(services.certificates && { NODE_EXTRA_CA_CERTS: trustToo(services.certificates, env) }),
      ...beside,
      ...drillControl?.env,
      PUBLIC_URL: publicUrl,
      KEYRING_FILE: env.KEYRING_FILE ?? join(stateDirectory, 'keys.json'),
      // The app and the API beside it know each other, and each other's sessions.
      SESSION_SECRET: env.SESSION_SECRET || randomBytes(32).toString('hex'),
      INTERNAL_KEY: env.INTERNAL_KEY || randomBytes(32).toString('hex'),
      // So that a bare curl is answered: without a session the API acts for a demo workspace.
      CRM_DEMO: env.CRM_DEMO ?? '1',
      // Nothing stands before it that would have to notice that it ends.
      READINESS_GRACE_MS: env.READINESS_GRACE_MS ?? '0',
    };
    const appEnv = { ...toolEnv, ...ownEnv };
    const run = (/** @type {string} */ script) => (/** @type {(line: string) => void} */ note) =>
      runTool(children, [process.execPath, script], { cwd: appDirectory, env: appEnv, note });
    if (hasKeyring) await progress.step('Making root keys', run('scripts/keyring.mjs'));
    await progress.step('Migrating the database', run('scripts/migrate.mjs'));
    stop.signal.throwIfAborted();
    await progress.step('Loading generated data', run('scripts/seed.mjs'));
    stop.signal.throwIfAborted();

    const apiUrl = await startApi({
      appDirectory,
      appPort: port,
      env: appEnv,
      isTls,
      children,
      say: progress.say,
    });
    forgetAppEnv = writeAppEnv(stateDirectory, { ...ownEnv, PORT: String(port) });
    const app = await progress.step('Starting the app', () =>
      supervise({
        directory: appDirectory,
        url,
        ca: services.certificates?.ca,
        env: appEnv,
        logFile: join(stateDirectory, 'logs', 'app.log'),
        signal: stop.signal,
        children,
        show: (text) => void process.stdout.write(text),
      }),
    );
    progress.say(whatToTry({ url, apiUrl, services, startedAtMs, scorerUrl: beside.OPENAI_BASE_URL }));
    const { code, signal } = await app.exited;
    if (stop.signal.aborted) return stop.exitCode;
    progress.say(`The app ended by itself (${signal ?? `exit code ${code}`}); stopping everything.`);
    return 1;
  } catch (error) {
    if (stop.signal.aborted) return stop.exitCode;
    progress.say(`\n${error instanceof Error ? error.message : error}`);
    return 1;
  } finally {
    await children.endAll();
    await drillControl?.close();
    await services?.close();
    forgetAppEnv?.();
    stop.dispose();
    guard.dismiss();
    lock.release();
    if (stop.signal.aborted) progress.say('Stopped; nothing is left running.');
  }

  function onForce() {
    children.killAll();
    // The guards end the servers when this process is gone.
    lock?.release();
  }

  /**
   * The app's own model and its own identity provider, unless the environment names others.
   *
   * @param {string} publicUrl
   * @returns {Promise<NodeJS.ProcessEnv>} where the app finds them
   */
  async function startBeside(publicUrl) {
    const start = (/** @type {string} */ script, /** @type {string} */ lost, more = {}) =>
      startSideProgram({ appDirectory, script, lost, env: { ...env, ...more }, children, say: progress.say });
    const scorerUrl =
      env.OPENAI_BASE_URL || env.OPENAI_API_KEY
        ? undefined
        : await start('scorer', 'contacts are not scored until the next start.');
    const issuer = env.OIDC_ISSUER
      ? undefined
      : await start('identity-provider', 'nobody signs in by it until the next start.', {
          REDIRECT_URI: new URL('/api/session/callback', publicUrl).href,
        });
    return {
      ...(scorerUrl && { OPENAI_BASE_URL: `${scorerUrl}/v1` }),
      ...(issuer && { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'crm' }),
    };
  }

  /** @param {(line: string) => void} note */
  async function startAll(note) {
    const { startServices } = await importServices('index');
    return startServices({
      env,
      tls: isTls ? await certificates() : undefined,
      directory: join(stateDirectory, 'services'),
      toolsDirectory: join(stateDirectory, 'tools'),
      signal: stop.signal,
      onProgress: (/** @type {string} */ message) =>
        message.endsWith('…') ? note(message) : progress.say(message),
      onExit: handleExit,
    });
  }

  /** Renewed at each start, by an authority that stays: who trusts it need not do it again. */
  async function certificates() {
    const { makeCertificates } = await importServices('certificates');
    return makeCertificates({ directory: join(stateDirectory, 'certificates') });
  }

  /** @param {string} entry */
  function importServices(entry) {
    return import(pathToFileURL(join(root, 'scripts', 'services', 'dist', `${entry}.js`)).href);
  }

  /**
   * @param {string} name
   * @param {{ code: number | null, signal: string | null }} exit
   * @param {(() => Promise<void>) | undefined} restart
   */
  async function handleExit(name, exit, restart) {
    const how = exit.signal ?? `exit code ${exit.code}`;
    progress.say(
      `${name} ended by itself (${how})${restart ? '; starting it again.' : '; the app goes on without it.'}`,
    );
    try {
      await restart?.();
    } catch (error) {
      progress.say(`${name} does not start again: ${error instanceof Error ? error.message : error}`);
      await children.endAll();
    }
  }
}

/**
 * @param {string | undefined} wanted
 * @param {(text: string) => void} say
 */
async function choosePort(wanted, say) {
  const first = Number(wanted || 3000);
  if (!Number.isInteger(first) || first < 1 || first > 65_535)
    throw new Error(`PORT must be 1 to 65535, got "${wanted}"`);
  const port = await freePort(
    Array.from({ length: 50 }, (_, index) => first + index).filter((each) => each <= 65_535),
  );
  if (port !== first) say(`Port ${first} is in use; using ${port}.`);
  return port;
}

/**
 * @param {unknown} error
 * @param {string} stateDirectory
 */
function refusal(error, stateDirectory) {
  const { code, pid, message } = /** @type {NodeJS.ErrnoException & { pid?: number }} */ (error);
  if (code === 'UNITE_LOCK_HELD') {
    return `Unite is already running from this checkout (process ${pid}). Stop it with Ctrl-C there, or: kill ${pid}`;
  }
  return `${stateDirectory} cannot be used (${message}). If another user made it, remove it and start again.`;
}
