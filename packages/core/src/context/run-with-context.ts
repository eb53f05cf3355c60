import type { UniteContext } from '../types';
import { contextStorage } from './context-storage';

/**
 * Runs `work` with `context` as the current one, for everything it calls and awaits.
 *
 * @returns what `work` returns
 * @throws TypeError where the platform has no `AsyncLocalStorage`
 * @example
 * await runWithContext(createContext({ tenantId: 'acme' }), () => sendReminders());
 */
export function runWithContext<Result>(context: UniteContext, work: () => Result): Result {
  return contextStorage().run(context, work);
}
