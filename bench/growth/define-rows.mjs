const hourMs = 3_600_000;

/** Entries that outlive a bench, each with its own key. */
export function defineRows(cache, name, options = {}) {
  return cache.define(name, {
    key: (index) => [index],
    scope: 'global',
    memoryTtlMs: hourMs,
    load: (index) => ({ index }),
    ...options,
  });
}
