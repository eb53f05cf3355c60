import { setImmediate } from 'node:timers/promises';
import { describeError, type ErrorDescription } from '../describe-error';
import type { Session } from './session';

/** What nobody caught while the command ran: with it the answer is no, and says so. */
export async function uncaughtErrors({ uncaught }: Session): Promise<readonly ErrorDescription[]> {
  // A rejection is told of in the turn after the one in which nobody took it.
  await setImmediate();
  return uncaught.map(describeError);
}
