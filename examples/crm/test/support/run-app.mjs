import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKeyringFile } from '@unite/crypto/keys';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Longer than any machine takes to start or to end the application; whatever takes longer hangs. */
const patienceMs = 150_000;

/** The root keys of every application that is started here. */
process.env.TEST_KEYRING_FILE ??= await makeKeyring();

/** Runs one of scripts/ to its end and gives what it printed. */
export async function runScript(name, env) {
  const { child, output } = run(name, env);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${output()}`);
  return output();
}

/**
 * Serves the production build, on a free port unless `env` names one; resolves once `readyPath` answers 200.
 *
 * @param directory of the application, where it is another than the CRM
 */
export async function startApp(env, readyPath = '/health/ready', directory = root) {
  const port = env.PORT ?? (await freePort());
  const scheme = env.TLS_CERT_FILE ? 'https' : 'http';
  const origin = `${scheme}://localhost:${port}`;
  // Nothing stands before it that would have to notice its end. Many of the tests ask much at once, and mean it; what
  // the ledger is asked is answered, however slow the machine is.
  const own = {
    READINESS_GRACE_MS: '0',
    MAX_LOOP_DELAY_MS: '60000',
    LEDGER_PATIENCE_MS: '10000',
    PORT: String(port),
    HOSTNAME: '127.0.0.1',
  };
  const { child, output } = run('serve', { ...own, ...env }, directory);
  const ended = once(child, 'close');
  async function close(signal = 'SIGTERM') {
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    await ended;
    clearTimeout(timer);
  }
  try {
    await untilReady(`${scheme}://127.0.0.1:${port}${readyPath}`, child, env.TLS_CA_FILE);
  } catch (error) {
    await close('SIGKILL');
    throw new Error(`The application did not start: ${error.message}\n${output()}`);
  }
  return { origin, output, close: () => close() };
}

function run(name, env, directory = root) {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [join(directory, 'scripts', `${name}.mjs`)], {
    cwd: directory,
    env: { PATH, HOME, KEYRING_FILE: process.env.TEST_KEYRING_FILE, ...env },
  });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
  return { child, output: () => Buffer.concat(chunks).toString() };
}

/** Asks until the answer is 200. A refused connection comes back at once, so this waits between. */
async function untilReady(url, child, caFile) {
  for (const deadlineAtMs = Date.now() + patienceMs; ; ) {
    if (await answersOk(url, caFile).catch(() => false)) return;
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended');
    if (Date.now() > deadlineAtMs) throw new Error(`${url} was not ready within ${patienceMs / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** `caFile` vouches for a server of https. */
async function answersOk(url, caFile) {
  const request = (caFile ? https : http).get(url, {
    agent: false,
    ...(caFile && { ca: readFileSync(caFile) }),
  });
  const [response] = await once(request, 'response');
  response.resume();
  return response.statusCode === 200;
}

/** A port where nobody listens. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function makeKeyring() {
  const file = join(await mkdtemp(join(tmpdir(), 'crm-keys-')), 'keys.json');
  await createKeyringFile(file);
  return file;
}
