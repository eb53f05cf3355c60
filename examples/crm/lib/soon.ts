import { setTimeout } from 'node:timers/promises';

/** Sooner than this, waiting is not noticed. */
const noticedMs = 200;

/**
 * Waits for what is there in a moment, and no longer. A page that has it before it begins to answer needs no
 * placeholder, and no script to fill it.
 *
 * @returns whether it is there
 */
export async function soon(work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const there = () => true;
  const late = setTimeout(noticedMs, false, { signal: over.signal }).catch(there);
  const isThere = await Promise.race([work.then(there, there), late]);
  over.abort();
  return isThere;
}
