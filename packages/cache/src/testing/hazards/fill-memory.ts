import type { CacheUnderTest, OpenNodeOptions } from './types';

/** How much to put into a cache. */
export interface FillOptions extends OpenNodeOptions {
  readonly values: number;
  readonly valueBytes: number;
  /** Where it has filled the process so far, nothing more is to be learned. In bytes of resident memory. */
  readonly stopAtBytes: number;
}

/** Memory of the process while the cache was filled, in bytes. */
export interface FillFigures {
  readonly values: number;
  /** JavaScript's heap and what it refers to outside, after collecting garbage, beyond what was there before. */
  readonly heldBytes: number;
  /** Largest resident memory. */
  readonly residentBytes: number;
}

/**
 * Loads big values, each once, and looks at the memory. It is sent to a process of its own as text, so it may
 * refer to nothing outside itself.
 */
export async function fillMemory(cache: CacheUnderTest, options: FillOptions): Promise<FillFigures> {
  const measure = () => {
    globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    return { held: heapUsed + external, rss };
  };
  const node = await cache.openNode(options);
  const before = measure();
  let heldBytes = 0;
  let residentBytes = before.rss;
  let values = 0;
  while (values < options.values && residentBytes < options.stopAtBytes) {
    const index = values++;
    const load = async () => Buffer.alloc(options.valueBytes, `${index} `).toString('latin1');
    await node.get(`big-${index}`, load, { ttlMs: 600_000 });
    // Collecting takes longer than loading.
    if (values % 20 === 0) {
      const { held, rss } = measure();
      heldBytes = Math.max(heldBytes, held - before.held);
      residentBytes = Math.max(residentBytes, rss);
    }
  }
  return { values, heldBytes, residentBytes };
}
