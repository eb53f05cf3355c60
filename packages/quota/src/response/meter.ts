import { checkOptions, expects, optionChecks, warnOnce } from '@unite/shared';
import { checkAmount } from '../engine/amounts';
import { QuotaError } from '../errors';
import type { Decision, Hold, Use, UseRequest } from '../types';
import { idempotencyKey } from './idempotency-key';
import type { Admission, MeteredQuota, MeterOptions } from './meter-types';
import { quotaProblem } from './quota-problem';
import { rateLimitFields, rateLimitHeaders } from './rate-limit-fields';

const defaultUse: Use = Object.freeze({ apiCalls: 1 });
const free: Admission = Object.freeze({ headers: {} });

const checkQuota = expects(
  'a quota of `createQuota`',
  (value) => typeof (value as MeteredQuota | null)?.check === 'function',
);
const checks = {
  use: expects(
    'an object of whole amounts, such as { apiCalls: 1 }, or a function',
    (value) => typeof value === 'function' || isUse(value),
  ),
  for: expects(
    'an object of functions',
    (value) => isRecord(value) && Object.values(value).every((one) => typeof one === 'function'),
  ),
  tenantId: optionChecks.function,
  plan: optionChecks.function,
  idempotency: expects("'header' or 'none'", (value) => value === 'header' || value === 'none'),
  headers: expects(`one of ${rateLimitHeaders.join(', ')}`, (value) => rateLimitHeaders.includes(value)),
  partitionKey: optionChecks.function,
  holdMs: optionChecks.positive,
};

/** Meters the requests of one route, or of several alike. */
export class Meter<Request> {
  readonly #owner: string;
  readonly #quota: MeteredQuota;
  readonly #options: MeterOptions<Request>;

  /** @throws TypeError for an option that is unknown or malformed */
  constructor(owner: string, quota: MeteredQuota, options: MeterOptions<Request>) {
    checkOptions(owner, { quota }, { quota: checkQuota }, ['quota']);
    checkOptions(owner, options, checks);
    this.#owner = owner;
    this.#quota = quota;
    this.#options = options;
  }

  /**
   * Charges a request, or reserves where it takes a place of a concurrency limit. OPTIONS is free: browsers ask it
   * before the request itself (CORS), without credentials.
   *
   * @param key `Idempotency-Key` as it came
   * @throws QuotaError `UNITE_QUOTA_EXCEEDED`, and what the quota throws
   */
  async admit(request: Request, method: string, key: string | undefined): Promise<Admission> {
    if (method === 'OPTIONS') return free;
    const { use: said = defaultUse } = this.#options;
    const use = typeof said === 'function' ? await this.#useOf(request, said) : said;
    const units = Object.keys(use);
    if (units.length === 0) return free;
    const asked = this.#asked(request, use, method, key);
    if (!units.some((unit) => this.#quota.concurrentUnits.has(unit))) {
      const decision = await this.#quota.check(asked);
      if (!decision.allowed) throw this.#refusal(request, units, decision);
      return { headers: this.#fields(request, units, decision) };
    }
    const hold = await this.#reserve(request, units, asked);
    return { headers: this.#fields(request, units, hold.decision), settle: settleOnce(hold, use) };
  }

  async #useOf(request: Request, use: (request: Request) => unknown): Promise<Use> {
    const answer = await use(request);
    if (isUse(answer)) return answer;
    for (const [unit, amount] of isRecord(answer) ? Object.entries(answer) : []) {
      checkAmount(this.#owner, `use.${unit}`, amount);
    }
    const text = `${this.#owner}: "use" must answer with an object of whole amounts, such as { apiCalls: 1 }`;
    throw new QuotaError('UNITE_QUOTA_AMOUNT_INVALID', text);
  }

  #asked(request: Request, use: Use, method: string, key: string | undefined): UseRequest {
    const { tenantId, plan, idempotency, for: subjects } = this.#options;
    return {
      use,
      tenantId: tenantId?.(request),
      plan: plan?.(request),
      for: subjects && namedBy(subjects, request),
      idempotencyKey: idempotency === 'header' ? idempotencyKey(method, key) : undefined,
    };
  }

  async #reserve(request: Request, units: readonly string[], asked: UseRequest): Promise<Hold> {
    try {
      return await this.#quota.reserve({ ...asked, expiresInMs: this.#options.holdMs });
    } catch (error) {
      const decision = QuotaError.isInstance(error) ? error.decision : undefined;
      // The quota knows nothing of this route's headers.
      throw decision && !decision.allowed ? this.#refusal(request, units, decision) : error;
    }
  }

  #refusal(request: Request, units: readonly string[], decision: Decision): QuotaError {
    const text = `${this.#owner}: no more allowed by ${decision.violated.join(', ')}`;
    return new QuotaError('UNITE_QUOTA_EXCEEDED', text, {
      decision,
      retryAfterMs: decision.retryAfterMs ?? undefined,
      problem: quotaProblem(decision, {
        ...this.#fieldOptions(request, units),
        upgradeUrl: this.#quota.upgradeUrl,
      }),
    });
  }

  #fields(request: Request, units: readonly string[], decision: Decision): Readonly<Record<string, string>> {
    return rateLimitFields(decision, this.#fieldOptions(request, units));
  }

  #fieldOptions(request: Request, units: readonly string[]) {
    const { headers, partitionKey } = this.#options;
    return { headers, units, partitionKey: partitionKey?.(request) };
  }
}

/** For whom the shared limits are asked. */
function namedBy<Request>(
  subjects: NonNullable<MeterOptions<Request>['for']>,
  request: Request,
): Record<string, string> {
  const names = Object.entries(subjects).flatMap(([scope, of]) => {
    const name = of(request);
    return name === undefined ? [] : [[scope, name] as const];
  });
  return Object.fromEntries(names);
}

/** The request has used what it said; its place is free. What cannot be settled now expires, at the same charge. */
function settleOnce(hold: Hold, use: Use): () => void {
  let isSettled = false;
  return () => {
    if (isSettled) return;
    isSettled = true;
    hold.commit({ use }).catch((error) => {
      const text = `A request's place is kept until it expires, since it could not be settled: ${String(error)}`;
      warnOnce('UNITE_QUOTA_PLACE_KEPT', text);
    });
  };
}

function isUse(value: unknown): value is Use {
  return (
    isRecord(value) &&
    Object.values(value).every((amount) => Number.isSafeInteger(amount) && (amount as number) >= 0)
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return optionChecks.object(value) === undefined;
}
