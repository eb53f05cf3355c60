const dist = new URL('../../packages/ops/dist/deploy.js', import.meta.url);

/**
 * `@unite/ops/deploy`, which is there once it has been built.
 *
 * @returns {Promise<typeof import('@unite/ops/deploy')>}
 */
export function importDeploy() {
  return import(dist.href);
}
