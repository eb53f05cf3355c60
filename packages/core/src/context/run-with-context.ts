import { describeArgument } from '@unite/shared';
import type { UniteContext } from '../types';
import { contextStorage } from './context-storage';

/**
 * Runs `work` with `context` as the current one, for everything it calls and awaits.
 *
 * @returns what `work` returns
 * @throws TypeError for what is no context or no function, and where the platform has no `AsyncLocalStorage`
 * @example
 * await runWithContext(createContext({ tenantId: 'acme' }), () => sendReminders());
 */
export function runWithContext<Result>(context: UniteContext, work: () => Result): Result {
  if (!context?.state) refuse(`context must be what createContext returns, got ${describeArgument(context)}`);
  if (typeof work !== 'function') refuse(`work must be a function, got ${describeArgument(work)}`);
  return contextStorage().run(context, work);
}

function refuse(text: string): never {
  throw new TypeError(`runWithContext: ${text}`);
}
