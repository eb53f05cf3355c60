/**
 * `node --import @unite/tracing/register app.js`: tracing by the environment, without a line of code. Registers the
 * hook for ES modules, so that drivers which are imported are seen.
 */
import { registerEsmHook } from './instrumentation/register-hooks';
import { closeAtExit } from './register/close-at-exit';
import { isHookThread } from './register/is-hook-thread';
import { optionsFromEnv } from './register/options-from-env';
import { startTracing } from './start-tracing';

const options = isHookThread() ? undefined : optionsFromEnv(process.env);
if (options) {
  registerEsmHook();
  closeAtExit(startTracing(options));
}
