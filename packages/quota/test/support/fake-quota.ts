import { createContext, currentContext } from '@unite/core/context';
import { checkUse } from '../../src/engine/amounts';
import { QuotaError } from '../../src/errors';
import { quotaProblem } from '../../src/response/quota-problem';
import type {
  Decision,
  Hold,
  LimitStatus,
  Quota,
  ReserveRequest,
  UsageReport,
  UseRequest,
} from '../../src/types';

export const atMs = Date.UTC(2026, 10, 26, 12);
const units = new Set(['apiCalls', 'exports', 'aiTokens']);

/** A quota in memory: so many calls a day for each tenant, and so many exports at once. */
export class FakeQuota
  implements Pick<Quota, 'check' | 'reserve' | 'usage' | 'concurrentUnits' | 'upgradeUrl'>
{
  readonly concurrentUnits = new Set(['exports']);
  upgradeUrl: string | undefined = 'https://example.com/plans';
  callsPerDay = 1_000;
  places = 1;
  readonly asked: UseRequest[] = [];
  readonly used = new Map<string, number>();
  readonly keys = new Set<string>();
  taken = 0;
  settled = 0;
  reads = 0;
  /** What every call fails with. */
  failure: unknown;
  /** What `commit` fails with. */
  commitFailure: unknown;

  async check(request: UseRequest): Promise<Decision> {
    return this.#decide(request, false);
  }

  reserve<Result>(request: ReserveRequest, work: (hold: Hold) => Promise<Result> | Result): Promise<Result>;
  reserve(request: ReserveRequest): Promise<Hold>;
  async reserve(request: ReserveRequest): Promise<Hold> {
    const decision = this.#decide(request, true);
    if (!decision.allowed) {
      throw new QuotaError('UNITE_QUOTA_EXCEEDED', 'no', { decision, problem: quotaProblem(decision) });
    }
    const commit = async () => {
      this.settled++;
      if (this.commitFailure) throw this.commitFailure;
      this.taken--;
      return {
        use: request.use,
        costNanoUsd: undefined,
        isUnpriced: false,
        isLate: false,
        isRepeated: false,
      };
    };
    return {
      id: 'hold',
      expiresAtMs: atMs + 60_000,
      decision,
      signal: new AbortController().signal,
      commit,
      release: commit,
    };
  }

  async usage(tenantId: string): Promise<UsageReport> {
    this.reads++;
    if (this.failure) throw this.failure;
    return {
      ...usageReport,
      tenantId,
      plan: currentContext()?.plan ?? 'free',
      limits: [this.#usageOf(tenantId)],
    };
  }

  #decide(request: UseRequest, isHeld: boolean): Decision {
    if (this.failure) throw this.failure;
    checkUse('quota', request.use, units);
    const tenantId = request.tenantId ?? currentContext()?.tenantId;
    if (tenantId === undefined) throw new QuotaError('UNITE_QUOTA_TENANT_MISSING', 'no tenant');
    this.asked.push(request);
    const isRepeated = request.idempotencyKey !== undefined && this.keys.has(request.idempotencyKey);
    const used = this.used.get(tenantId) ?? 0;
    const calls = isRepeated ? 0 : (request.use.apiCalls ?? 0);
    const exports = isHeld ? (request.use.exports ?? 0) : 0;
    const violated = [
      ...(used + calls > this.callsPerDay ? ['apiCallsPerDay'] : []),
      ...(this.taken + exports > this.places ? ['exportsAtOnce'] : []),
    ];
    const allowed = violated.length === 0;
    if (allowed) {
      this.used.set(tenantId, used + calls);
      if (isHeld) this.taken++;
      if (request.idempotencyKey !== undefined) this.keys.add(request.idempotencyKey);
    }
    return {
      allowed,
      atMs,
      state: allowed ? 'ok' : 'blocked',
      violated,
      limits: [
        { ...day, limit: this.callsPerDay, remaining: this.callsPerDay - (this.used.get(tenantId) ?? 0) },
        { ...day, name: 'aiTokensPerDay', unit: 'aiTokens', limit: 50_000, remaining: 50_000 },
        { ...place, limit: this.places, remaining: this.places - this.taken },
      ],
      retryAfterMs: allowed ? 0 : violated.includes('apiCallsPerDay') ? 43_200_000 : 1_000,
      plan: request.plan ?? 'free',
      sufficientPlan: allowed ? undefined : 'pro',
      by: 'store',
      isRepeated,
    };
  }

  #usageOf(tenantId: string) {
    const used = this.used.get(tenantId) ?? 0;
    // It moves with the time alone.
    const forecast = this.reads;
    return {
      ...day,
      limit: this.callsPerDay,
      remaining: this.callsPerDay - used,
      used,
      startAtMs: atMs - 43_200_000,
      forecast,
      exhaustedAtMs: null,
    };
  }
}

export const day: LimitStatus = {
  name: 'apiCallsPerDay',
  kind: 'quota',
  unit: 'apiCalls',
  limit: 1_000,
  remaining: 50,
  resetAtMs: atMs + 43_200_000,
  state: 'ok',
  windowMs: 86_400_000,
};

export const place: LimitStatus = {
  name: 'exportsAtOnce',
  kind: 'concurrency',
  unit: 'exports',
  limit: 1,
  remaining: 1,
  resetAtMs: null,
  state: 'ok',
  windowMs: null,
};

export const decided: Decision = {
  allowed: true,
  atMs,
  state: 'ok',
  violated: [],
  limits: [day],
  retryAfterMs: 0,
  plan: 'free',
  sufficientPlan: undefined,
  by: 'store',
  isRepeated: false,
};

export const usageReport: UsageReport = {
  tenantId: 'acme',
  plan: 'free',
  state: 'ok',
  atMs,
  limits: [],
  resources: [{ name: 'contacts', limit: 100 }],
  cost: {
    startAtMs: atMs,
    endAtMs: atMs + 1,
    totalNanoUsd: 12_345_678_901_234_567_890n,
    forecastNanoUsd: 1_500_000_000n,
    byUnit: [{ name: 'apiCalls', amount: 9_007_199_254_740_993n, costNanoUsd: 1n }],
    byRoute: [],
    byModel: [],
    unpriced: 0,
  },
  suggestion: null,
};

/** The context of a request of this tenant. */
export const contextOf = (tenantId: string | undefined, plan?: string) => createContext({ tenantId, plan });
