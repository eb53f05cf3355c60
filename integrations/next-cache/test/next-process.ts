import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const directory = join(__dirname, '..');
const program = join(directory, 'node_modules/next/dist/bin/next');

/** One process that serves the built application. */
export interface NextProcess {
  readonly origin: string;
  stop(): Promise<void>;
}

/** Builds the application, without Redis. `signal` ends a build that nobody waits for any more. */
export async function buildApplication(signal: AbortSignal): Promise<void> {
  const { REDIS_URL: _, ...env } = process.env;
  await promisify(execFile)(process.execPath, [program, 'build'], {
    cwd: directory,
    signal,
    env: { ...env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  });
}

/** Starts a process of the built application over a Redis. `signal` ends it, also while it starts. */
export async function startNext(redisUrl: string, signal: AbortSignal): Promise<NextProcess> {
  const port = await freePort();
  const server = spawn(process.execPath, [program, 'start', '-H', '127.0.0.1', '-p', String(port)], {
    cwd: directory,
    signal,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', REDIS_URL: redisUrl },
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
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      if (server.exitCode !== null) return;
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
