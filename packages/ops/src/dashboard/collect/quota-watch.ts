import { cut } from './cut';
import { RecentMap } from './recent-map';
import { maxRoutes, otherRoutes } from './route-table';
import type { Message, Subscriptions } from './subscriptions';

/** Tenants that are remembered; the one seen the longest ago makes room. */
const maxTenants = 1_000;

interface Spent {
  amount: number;
  costNanoUsd: bigint;
}

/** What `@unite/quota` tells: who was seen, and what routes cost. */
export class QuotaWatch {
  readonly tenants = new RecentMap<true>(maxTenants);
  version = 0;
  readonly #routes = new Map<string, Spent>();

  listen(subscriptions: Subscriptions): void {
    subscriptions.to('unite:quota:use', (message) => this.#use(message));
    subscriptions.to('unite:quota:health', () => {
      this.version += 1;
    });
  }

  /** The dearest first. A bigint is no JSON. */
  costs(): { route: string; amount: number; costNanoUsd: string }[] {
    return [...this.#routes]
      .sort(([, one], [, other]) => Number(other.costNanoUsd - one.costNanoUsd) || other.amount - one.amount)
      .map(([route, { amount, costNanoUsd }]) => ({ route, amount, costNanoUsd: String(costNanoUsd) }));
  }

  #use({ tenantId, route, use, costs }: Message): void {
    this.version += 1;
    if (typeof tenantId === 'string' && tenantId.length <= 128) this.tenants.set(tenantId, true);
    const spent = this.#spent(route);
    for (const amount of Object.values(Object(use))) if (typeof amount === 'number') spent.amount += amount;
    for (const { costNanoUsd } of Array.isArray(costs) ? costs : [])
      if (typeof costNanoUsd === 'bigint') spent.costNanoUsd += costNanoUsd;
  }

  #spent(route: unknown): Spent {
    const given = typeof route === 'string' ? cut(route, 200) : 'outside of requests';
    const name = this.#routes.has(given) || this.#routes.size < maxRoutes ? given : otherRoutes;
    const spent = this.#routes.get(name) ?? { amount: 0, costNanoUsd: 0n };
    this.#routes.set(name, spent);
    return spent;
  }
}
