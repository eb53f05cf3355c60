const dist = new URL('../../packages/ops/dist/deploy.js', import.meta.url);

/**
 * `@unite/ops/deploy`, which is there once it has been built. Of its options and its report no more is said here than
 * is used.
 *
 * @returns {Promise<{
 *   deploy(options: { start: (slot: Slot) => Promise<object> } & Record<string, unknown>): Promise<{
 *     outcome: string, reason: string | undefined, from: string | undefined, to: string, warnings: readonly string[],
 *   }>,
 * }>}
 */
export function importDeploy() {
  return import(dist.href);
}

/** @typedef {{ name: string, host: string, port: number }} Slot */
