import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { type FillFigures, type FillOptions, fillMemory } from './fill-memory';
import type { Hazard } from './types';

const valueBytes = 1_000_000;
/** Longest time for the process. */
const timeoutMs = 120_000;

/** A bound on the number of entries is no bound on memory. */
export const memoryBound: Hazard = {
  name: 'memory-bound',
  summary: 'Values of 1 MB do not fill the process beyond its bound',
  async run(cache, redis, settings) {
    if (cache.moduleUrl === undefined) return { seen: 'not applicable: no module to load', figures: {} };
    await redis.flushAll();
    // The measure is the process; Redis may forget.
    await redis.command('CONFIG', 'SET', 'maxmemory', '128mb', 'maxmemory-policy', 'allkeys-lru');
    try {
      const { heldBytes, residentBytes, ...filled } = await fillElsewhere(cache.moduleUrl, {
        redisUrl: redis.url,
        namespace: `hazard-${randomBytes(4).toString('hex')}`,
        maxStalenessMs: settings.maxStalenessMs,
        memoryMaxBytes: settings.memoryMaxBytes,
        values: settings.bigValues,
        valueBytes,
        stopAtBytes: settings.processMaxBytes,
      });
      const holds = residentBytes < settings.processMaxBytes;
      return {
        holds,
        seen: `${inMegabytes(heldBytes)} held, ${inMegabytes(residentBytes)} resident after ${filled.values} values${holds ? '' : '; stopped there'}`,
        figures: { ...filled, heldBytes, residentBytes },
      };
    } finally {
      await redis.command('CONFIG', 'SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
      await redis.flushAll();
    }
  },
};

/** In a process of its own, whose memory is the cache's. */
function fillElsewhere(moduleUrl: string, options: FillOptions): Promise<FillFigures> {
  const code = `
    const { default: cache } = await import(${JSON.stringify(moduleUrl)});
    const figures = await (${fillMemory.toString()})(cache, ${JSON.stringify(options)});
    process.stdout.write(JSON.stringify(figures), () => process.exit(0));
  `;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (bytes) => {
    output += bytes;
  });
  child.stderr.on('data', (bytes) => {
    errors += bytes;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(JSON.parse(output));
      else reject(new Error(`the process ended by ${signal ?? code}: ${errors.trim().slice(-500)}`));
    });
  });
}

function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
