import type { ExceptionRecord } from './capture-types';

/** One error of a chain, and what it is to the one before it. */
export interface ChainLink {
  readonly thrown: unknown;
  readonly relation: ExceptionRecord['relation'];
}

const maxLinks = 8;

/**
 * What was thrown, then its causes, then what an `AggregateError` among them holds: 8 at most, each object once, so that
 * circles end. Never throws.
 */
export function errorChain(thrown: unknown): readonly [ChainLink, ...ChainLink[]] {
  const chain: [ChainLink, ...ChainLink[]] = [{ thrown, relation: 'thrown' }];
  const seen = new Set<unknown>([thrown]);
  addCauses(thrown);
  for (const { thrown: owner } of [...chain]) {
    for (const error of aggregatedBy(owner)) if (add(error, 'aggregated')) addCauses(error);
  }
  return chain;

  function addCauses(error: unknown): void {
    let cause = read(error, 'cause');
    while (cause !== undefined && cause !== null && add(cause, 'cause')) cause = read(cause, 'cause');
  }

  function add(error: unknown, relation: ChainLink['relation']): boolean {
    if (chain.length === maxLinks || seen.has(error)) return false;
    seen.add(error);
    chain.push({ thrown: error, relation });
    return true;
  }
}

function aggregatedBy(error: unknown): readonly unknown[] {
  try {
    const errors = read(error, 'errors');
    // A form's validation has `errors` as well, of texts.
    return Array.isArray(errors) ? errors.slice(0, maxLinks).filter(isObject) : [];
  } catch {
    return [];
  }
}

function read(owner: unknown, key: 'cause' | 'errors'): unknown {
  try {
    return isObject(owner) ? (owner as { cause?: unknown; errors?: unknown })[key] : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
