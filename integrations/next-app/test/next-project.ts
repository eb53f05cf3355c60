import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const integrations = join(__dirname, '../..');

/** A running production build of the test application. */
export interface NextProject {
  readonly origin: string;
  /** What the server has printed. */
  output(): string;
  stop(): Promise<void>;
}

/**
 * Copies the application beside the given version of Next.js, builds it there and starts it.
 *
 * @param signal ends whatever of that is under way: nothing may outlive a test that gave up waiting
 */
export async function startNextProject(major: '15' | '16', signal: AbortSignal): Promise<NextProject> {
  const directory = join(integrations, `next-${major}`);
  await copyApplication(directory, major);
  const program = join(directory, 'node_modules/next/dist/bin/next');
  await promisify(execFile)(process.execPath, [program, 'build'], { cwd: directory, env, signal });
  const port = await freePort();
  const server = spawn(process.execPath, [program, 'start', '-H', '127.0.0.1', '-p', String(port)], {
    cwd: directory,
    env,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      if (output.includes('Ready in')) resolve();
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`next start ended:\n${output}`)));
  });
  return { origin: `http://127.0.0.1:${port}`, output: () => output, stop: () => stop(server) };
}

const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' as const };

async function copyApplication(directory: string, major: '15' | '16'): Promise<void> {
  const source = join(integrations, 'next-app');
  await rm(join(directory, '.next'), { recursive: true, force: true });
  await rm(join(directory, 'src'), { recursive: true, force: true });
  for (const name of ['src', 'next.config.ts', 'tsconfig.json']) {
    await cp(join(source, name), join(directory, name), { recursive: true });
  }
  if (major === '15') await renameProxyToMiddleware(directory);
}

/** Next.js 15 knows `proxy.ts` as `middleware.ts`, and runs it on Node only when asked. */
async function renameProxyToMiddleware(directory: string): Promise<void> {
  const proxy = await readFile(join(directory, 'src/proxy.ts'), 'utf8');
  const middleware = proxy
    .replace('function proxy', 'function middleware')
    .replace('config = {', "config = { runtime: 'nodejs',");
  await rm(join(directory, 'src/proxy.ts'));
  await writeFile(join(directory, 'src/middleware.ts'), middleware);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
}
