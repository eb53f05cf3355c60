const dist = new URL('../../packages/ops/dist/load.js', import.meta.url);

/**
 * `@unite/ops/load`, which is there once it has been built.
 *
 * @returns {Promise<{
 *   runLoad(options: import('../../packages/ops/src/load/load-types').LoadOptions):
 *     Promise<import('../../packages/ops/src/load/load-types').LoadReport>,
 *   formatLoadReport(report: import('../../packages/ops/src/load/load-types').LoadReport): string,
 * }>}
 */
export function importLoad() {
  return import(dist.href);
}
