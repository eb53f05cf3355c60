/**
 * A ledger of quotas in memory: it keeps every event, and adds up the lines of the bills by itself.
 *
 * @returns {import('../../packages/quota/dist/index.js').QuotaLedger & { sums(): Map<string, bigint> }}
 */
export function memoryLedger() {
  const events = new Map();
  return {
    async append(event) {
      const key = `${event.tenantId}\n${event.id}`;
      if (events.has(key)) return 'repeated';
      events.set(key, event);
      return 'stored';
    },
    rehydrate: (_, spans, install) =>
      install(
        1,
        spans.map(() => 0),
      ),
    totals: async () => [],
    async *events() {},
    sums() {
      const sums = new Map();
      for (const { tenantId, route = '', kind, costs } of events.values()) {
        if (kind === 'refused') continue;
        for (const { unit, model = '', costNanoUsd } of costs) {
          const key = [route, tenantId, unit, model].join(' | ');
          sums.set(key, (sums.get(key) ?? 0n) + (costNanoUsd ?? 0n));
        }
      }
      return sums;
    },
  };
}
