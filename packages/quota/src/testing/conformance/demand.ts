import { inspect, isDeepStrictEqual } from 'node:util';

/** @throws Error that says what was expected and what came */
export function demandSame(found: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(found, expected))
    throw new Error(`${what}: expected ${shown(expected)}, got ${shown(found)}`);
}

/** @throws Error that says what is not so */
export function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

function shown(value: unknown): string {
  return inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 60 });
}
