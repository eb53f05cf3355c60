import { setTimeout as sleep } from 'node:timers/promises';
import { inspect, isDeepStrictEqual } from 'node:util';

/** @throws Error that says what was expected and what came */
export function demandSame(found: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(found, expected))
    throw new Error(`${what}: expected ${shown(expected)}, got ${shown(found)}`);
}

/** @throws Error that says what is not so */
export function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Bytes of whatever class. @throws Error that says where they differ */
export function demandBytes(found: Uint8Array | undefined, expected: Uint8Array, what: string): void {
  demand(found instanceof Uint8Array, `${what}: expected bytes, got ${shown(found)}`);
  const bytes = found as Uint8Array;
  demandSame(bytes.length, expected.length, `${what}: length in bytes`);
  const at = expected.findIndex((byte, index) => byte !== bytes[index]);
  demand(at === -1, `${what}: byte ${at} is ${bytes[at]} in place of ${expected[at]}`);
}

/** Asks until the answer is yes. @throws Error when it still is no after `withinMs` milliseconds */
export async function demandSoon(ask: () => Promise<boolean>, what: string, withinMs = 3_000): Promise<void> {
  const untilMs = performance.now() + withinMs;
  while (!(await ask())) {
    demand(performance.now() < untilMs, `${what}: not within ${withinMs} ms`);
    await sleep(10);
  }
}

function shown(value: unknown): string {
  return inspect(value, {
    depth: 4,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 20,
    maxStringLength: 200,
  });
}
