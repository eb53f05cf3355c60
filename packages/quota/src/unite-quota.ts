import { randomUUID } from 'node:crypto';
import type { Clock, CloseOptions, ContextSource } from '@unite/core';
import { currentContext } from '@unite/core/context';
import { backgroundClock, describeValue, expects, observe, optionChecks, systemClock } from '@unite/shared';
import type { QuotaDecisionMessage } from './channel-types';
import { checkChannel, reserveChannel } from './channels';
import type { Admission, AdmissionParts } from './engine/admission-types';
import { Admissions } from './engine/admissions';
import { andThen } from './engine/and-then';
import { Arrears } from './engine/arrears';
import { type Ask, Asks } from './engine/ask';
import { Charges } from './engine/charges';
import { checkReserveRequest, checkResourceRequest, checkUseRequest } from './engine/check-request';
import { Counts } from './engine/counts';
import { Decider, type Effect } from './engine/decider';
import { Denials } from './engine/denials';
import { Fallback } from './engine/fallback';
import { OpenHold } from './engine/open-hold';
import { Outcomes } from './engine/outcomes';
import { Recorder } from './engine/recorder';
import { Records } from './engine/records';
import { RefusedDemand } from './engine/refused-demand';
import { Rehydrator } from './engine/rehydrator';
import { Replays } from './engine/replays';
import { rememberSettledMs, Settlements } from './engine/settlements';
import { StoreClock } from './engine/store-clock';
import { StoreDown, StoreGate } from './engine/store-gate';
import { lastFullPeriod, Suggestions } from './engine/suggestions';
import { UsageReports } from './engine/usage-reports';
import { workOnHold } from './engine/work-on-hold';
import { QuotaError } from './errors';
import type { NamedLimit } from './plan/plan-types';
import { lockResource } from './resource/lock-resource';
import { decideResource } from './resource/resources';
import { outageProblem, quotaProblem, resourceProblem } from './response/quota-problem';
import { memoryStore } from './store/memory-store';
import type { QuotaStore } from './store/store-types';
import type {
  Decision,
  Hold,
  Quota,
  QuotaCloseReport,
  QuotaOptions,
  QuotaStatistics,
  ReplayReport,
  ReserveRequest,
  ResourceDecision,
  ResourceRequest,
  ResourceTransaction,
  TenantTerms,
  UsageReport,
  UseRequest,
} from './types';

const day = 86_400_000;
/** For a release when the time is up, in milliseconds. */
const releaseMs = 5_000;
const expiry = expects(
  'a number of milliseconds above 0 and at most a day',
  (value) => optionChecks.positive(value) === undefined && (value as number) <= day,
);

/** What `createQuota` makes. */
export class UniteQuota implements Quota {
  readonly concurrentUnits: ReadonlySet<string>;
  readonly upgradeUrl: string | undefined;
  readonly #options: QuotaOptions;
  readonly #name: string;
  readonly #context: ContextSource;
  readonly #clock: Clock;
  readonly #background: Clock;
  readonly #store: QuotaStore;
  readonly #counts = new Counts();
  readonly #asks: Asks;
  readonly #gate: StoreGate;
  readonly #with: AdmissionParts;
  readonly #admissions: Admissions;
  readonly #records: Records;
  readonly #settlements: Settlements;
  readonly #reports: UsageReports;
  readonly #replays: Replays | undefined;
  #closing: Promise<QuotaCloseReport> | undefined;

  constructor(options: QuotaOptions, shared: ReadonlyMap<string, readonly NamedLimit[]>) {
    const { plans, ledger, namespace = 'quota', context = currentContext } = options;
    this.concurrentUnits = concurrentUnits(plans, shared);
    this.upgradeUrl = options.upgradeUrl;
    this.#options = options;
    this.#name = namespace;
    this.#context = context;
    this.#clock = options.clock ?? systemClock;
    this.#background = options.clock ?? backgroundClock;
    this.#store = options.store ?? memoryStore({ clock: this.#clock });
    this.#asks = new Asks(options, shared, context);
    this.#gate = new StoreGate(this.#store, this.#clock, namespace);
    const storeClock = new StoreClock(this.#clock);
    const clocks = { store: storeClock, background: this.#background };
    const rehydrator = new Rehydrator(ledger, this.#gate, clocks, this.#counts);
    const recorder = new Recorder(ledger, rehydrator, this.#background, this.#counts, namespace);
    const charges = new Charges(this.#gate, storeClock);
    this.#with = {
      name: namespace,
      plans,
      ledger,
      isDurable: options.durability === 'ledger',
      decider: new Decider(this.#gate, storeClock, rehydrator),
      denials: new Denials(options.maxDenials ?? 10_000, this.#clock),
      fallback: new Fallback(plans, this.#clock),
      recorder,
      charges,
      arrears: new Arrears(charges, this.#background, recorder),
      refused: new RefusedDemand(recorder, ledger !== undefined),
      rehydrator,
      storeClock,
      counts: this.#counts,
    };
    const outcomes = new Outcomes(this.#with);
    this.#admissions = new Admissions(this.#with, outcomes);
    this.#records = new Records(this.#with, outcomes);
    this.#settlements = new Settlements(this.#asks, this.#gate, this.#with);
    this.#replays = ledger && new Replays(ledger);
    const suggestions = new Suggestions(plans, this.#replays, storeClock, this.#background);
    this.#reports = new UsageReports(this.#gate, ledger, rehydrator, storeClock, suggestions);
  }

  /** Not `async`: what that makes for each call takes as long as to count in memory. */
  check(request: UseRequest): Promise<Decision> {
    try {
      this.#refuseWhenClosed();
      if (checkChannel?.hasSubscribers) return this.#observedCheck(checkChannel, request);
      const decision = this.#check(request);
      return decision instanceof Promise ? decision : Promise.resolve(decision);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  reserve(request: ReserveRequest): Promise<Hold>;
  reserve<Result>(request: ReserveRequest, work: (hold: Hold) => Promise<Result> | Result): Promise<Result>;
  async reserve<Result>(
    request: ReserveRequest,
    work?: (hold: Hold) => Promise<Result> | Result,
  ): Promise<Result | Hold> {
    this.#refuseWhenClosed();
    const hold = await this.#reserve(request);
    return work ? workOnHold(hold, work, request) : hold;
  }

  async record(request: UseRequest): Promise<void> {
    this.#refuseWhenClosed();
    checkUseRequest('record', request);
    const ask = await this.#asks.read('record', request);
    await this.#records.record(ask);
  }

  async usage(tenantId: string, terms: Partial<TenantTerms> = {}): Promise<UsageReport> {
    this.#asks.tenantOf('usage', tenantId);
    const found = await this.#asks.termsOf('usage', tenantId, terms);
    const plan = this.#asks.planNamed('usage', found.plan);
    const part = this.#asks.tenantPart('usage', tenantId, plan, found);
    try {
      return await this.#reports.report(tenantId, plan, found, part);
    } catch (error) {
      throw error instanceof StoreDown
        ? this.#unavailable(`The limits cannot be asked: ${error.message}`, error)
        : error;
    }
  }

  async checkResource(resource: string, request: ResourceRequest): Promise<ResourceDecision> {
    checkResourceRequest('checkResource', request);
    const tenantId = this.#asks.tenantOf('checkResource', request.tenantId);
    const terms = await this.#asks.termsOf('checkResource', tenantId, request);
    const plan = this.#asks.planNamed('checkResource', terms.plan);
    const { current, adding = 1 } = request;
    return decideResource('checkResource', resource, { current, adding }, plan, this.#options.plans);
  }

  async claimResource(
    transaction: ResourceTransaction,
    resource: string,
    request: Omit<ResourceRequest, 'current'> & { readonly count: () => Promise<number> },
  ): Promise<ResourceDecision> {
    checkResourceRequest('claimResource', request);
    const tenantId = this.#asks.tenantOf('claimResource', request.tenantId);
    await lockResource(transaction, `${this.#name}:${tenantId}:${resource}`);
    const decision = await this.checkResource(resource, {
      ...request,
      tenantId,
      current: await request.count(),
    });
    if (decision.allowed) return decision;
    const { limit, current, plan } = decision;
    throw new QuotaError('UNITE_QUOTA_EXCEEDED', `${resource}: ${current} of ${limit} on plan ${plan}`, {
      resource: decision,
      problem: resourceProblem(decision, { upgradeUrl: this.upgradeUrl }),
    });
  }

  async replay(
    tenantId: string,
    planName: string,
    period?: { readonly startAtMs: number; readonly endAtMs: number },
  ): Promise<ReplayReport> {
    const plan = this.#asks.planNamed('replay', planName);
    this.#asks.tenantOf('replay', tenantId);
    if (!this.#replays)
      throw new TypeError('replay: what a tenant used is known to a ledger alone; give one to createQuota');
    const terms = this.#options.termsOf ? await this.#options.termsOf(tenantId) : {};
    const stretch = period ?? lastFullPeriod(this.#with.storeClock.nowMs(), terms);
    return this.#replays.replay(tenantId, plan, terms, stretch);
  }

  statistics(): QuotaStatistics {
    const { recorder, arrears, rehydrator, ledger } = this.#with;
    return {
      ...this.#counts,
      waiting: recorder.waiting + arrears.owing + rehydrator.suspects,
      store: this.#gate.isUp ? 'up' : 'down',
      ledger: ledger ? (recorder.isUp ? 'up' : 'down') : 'none',
    };
  }

  close({ timeoutMs = 5_000 }: CloseOptions = {}): Promise<QuotaCloseReport> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #observedCheck(channel: CheckChannel, request: UseRequest): Promise<Decision> {
    const message: QuotaDecisionMessage = { quota: this.#name };
    return observe(channel, message, async () => noted(message, await this.#check(request)));
  }

  #check(request: UseRequest): Decision | Promise<Decision> {
    checkUseRequest('check', request);
    const ask = this.#asks.read('check', request);
    return ask instanceof Promise ? ask.then(this.#decide) : this.#decide(ask);
  }

  readonly #decide = (ask: Ask) => andThen(this.#admit(ask), decisionOf);

  async #reserve(request: ReserveRequest): Promise<OpenHold> {
    if (!reserveChannel?.hasSubscribers) return this.#hold(request);
    const message: QuotaDecisionMessage = { quota: this.#name };
    return observe(reserveChannel, message, async () => {
      const hold = await this.#hold(request);
      noted(message, hold.decision);
      return hold;
    });
  }

  async #hold(request: ReserveRequest): Promise<OpenHold> {
    checkReserveRequest(request);
    const ask = await this.#asks.read('reserve', request);
    const { expiresInMs = 60_000, onTimeout } = request;
    const wrong = expiry(expiresInMs);
    if (wrong) {
      const text = `reserve: "expiresInMs" must be ${wrong}, got ${describeValue(expiresInMs)}`;
      throw new QuotaError('UNITE_QUOTA_AMOUNT_INVALID', text);
    }
    const id = ask.key ?? randomUUID();
    // After it has expired in the store, nothing could be given back.
    const storedMs = expiresInMs + (onTimeout === 'release' ? releaseMs : 0);
    const admission = await this.#admit(ask, { id, expiresInMs: storedMs, rememberMs: rememberSettledMs });
    if (!admission.decision.allowed) throw this.#exceeded(ask, admission);
    const held = { id, ask, admission, expiresAtMs: admission.atMs + expiresInMs };
    const signal = this.#context()?.signal;
    return new OpenHold(held, this.#settlements, {
      name: this.#name,
      clock: this.#background,
      expiresInMs,
      signal,
    });
  }

  #admit(
    ask: Ask,
    hold?: { id: string; expiresInMs: number; rememberMs: number },
  ): Admission | Promise<Admission> {
    return hold
      ? this.#admissions.admit(ask, 'hold', { hold })
      : this.#admissions.admit(ask, 'use', noEffect);
  }

  #exceeded(ask: Ask, { decision }: Admission): QuotaError {
    const text = `Plan ${ask.plan.name} refuses: ${decision.violated.join(', ')}`;
    const { retryAfterMs } = decision;
    const problem = quotaProblem(decision, { upgradeUrl: this.upgradeUrl });
    return new QuotaError('UNITE_QUOTA_EXCEEDED', text, {
      decision,
      retryAfterMs: retryAfterMs ?? undefined,
      problem,
    });
  }

  #unavailable(text: string, cause: unknown): QuotaError {
    this.#counts.unavailable += 1;
    return new QuotaError('UNITE_QUOTA_UNAVAILABLE', text, { cause, problem: outageProblem() });
  }

  #refuseWhenClosed(): void {
    if (this.#closing) throw new QuotaError('UNITE_QUOTA_CLOSED', 'The quota is closed');
  }

  async #close(timeoutMs: number): Promise<QuotaCloseReport> {
    const { recorder, arrears, refused, rehydrator, ledger } = this.#with;
    const cancel = new AbortController();
    const enough = this.#background.sleep(timeoutMs, cancel.signal).catch(() => undefined);
    refused.flush();
    const owing = await arrears.close(enough);
    const unwritten = await recorder.drain(enough);
    const doubtful = await rehydrator.close(enough);
    await Promise.race([ended(() => ledger?.close?.({ timeoutMs })), enough]);
    await Promise.race([ended(() => this.#store.close?.()), enough]);
    cancel.abort();
    const lost = owing + unwritten + doubtful;
    return { drained: lost === 0, lost };
  }
}

type CheckChannel = NonNullable<typeof checkChannel>;

const noEffect: Effect = Object.freeze({});
const decisionOf = ({ decision }: Admission): Decision => decision;

function concurrentUnits(
  plans: QuotaOptions['plans'],
  shared: ReadonlyMap<string, readonly NamedLimit[]>,
): ReadonlySet<string> {
  const limits = [
    ...[...plans.byName.values()].flatMap((plan) => plan.limits),
    ...[...shared.values()].flat(),
  ];
  return new Set(limits.filter(({ kind }) => kind === 'concurrency').map(({ of }) => of));
}

/** What goes wrong while something is closed helps nobody any more. */
async function ended(close: () => Promise<void> | undefined): Promise<void> {
  try {
    await close();
  } catch {}
}

function noted(message: QuotaDecisionMessage, decision: Decision): Decision {
  const { plan, allowed, state, violated, by } = decision;
  Object.assign(message, { plan, allowed, state, violated, by });
  return decision;
}
