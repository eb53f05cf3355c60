import { join } from 'node:path';
import { startSideProgram } from './start-side-program.mjs';

/**
 * The hot part of the app's API, by Express, on the next free port after the app's. It stands beside the app.
 *
 * @param {{
 *   appDirectory: string, appPort: number, env: NodeJS.ProcessEnv, isTls: boolean,
 *   children: import('./children.mjs').Children, say: (text: string) => void,
 * }} options
 * @returns {Promise<string | undefined>} its address; none where the app has no such program
 */
export function startApi({ appDirectory, appPort, ...options }) {
  const ports = Array.from({ length: 10 }, (_, index) => appPort + 1 + index);
  return startSideProgram({
    appDirectory: join(appDirectory, '..', 'express-api'),
    script: 'serve',
    name: 'The API by Express',
    lost: 'the app goes on without it.',
    ports: ports.filter((port) => port <= 65_535),
    ...options,
  });
}
