import { isMainThread, parentPort } from 'node:worker_threads';

/**
 * Whether this is the thread in which Node runs the hooks of ES modules: it runs what `--require` names too, but none of
 * the application. Unlike a worker, it has nobody to talk to.
 */
export function isHookThread(): boolean {
  return !isMainThread && parentPort === null;
}
