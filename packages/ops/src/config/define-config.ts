import { checkConfig } from './check-config';
import type { UniteConfig, UniteConfigFunction } from './config-types';

/**
 * The configuration of the `unite` command line, checked. Given a function, nothing of it is read or connected before
 * a command runs; its result is checked then.
 *
 * @throws TypeError that names the place and what it got: `defineConfig: verify[2].name must be …`
 * @example
 * // unite.config.ts
 * export default defineConfig(() => ({
 *   verify: [verifyDatabase({ nodes: env.databaseNodes, Client: pg.Client })],
 *   load: { target: 'http://127.0.0.1:3000', users: 100 },
 * }));
 */
export function defineConfig(config: UniteConfig): UniteConfig;
/** The same, from a function that a command calls. */
export function defineConfig(config: UniteConfigFunction): UniteConfigFunction;
export function defineConfig(config: UniteConfig | UniteConfigFunction): UniteConfig | UniteConfigFunction {
  if (typeof config !== 'function') checkConfig('defineConfig', config);
  return config;
}
