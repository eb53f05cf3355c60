import type { UniteContext } from '../types';

/**
 * A context of its own, for work that no request started: jobs, scripts, tests.
 *
 * @param fields what is known; `requestId` defaults to a random UUID
 */
export function createContext(fields: Partial<Omit<UniteContext, 'state'>> = {}): UniteContext {
  return { requestId: crypto.randomUUID(), ...fields, state: new Map() };
}
