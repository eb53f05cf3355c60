import type { Identity, UniteContext } from '../types';
import type { RequestLifetime } from './request-lifetime';

interface RequestFields {
  readonly requestId: string;
  readonly identity: Identity;
  readonly lifetime: RequestLifetime;
  readonly release: string | undefined;
  /** Reads the route, which may be known late. */
  readonly route: () => string | undefined;
}

const lifetimeKey = Symbol('lifetime');
const routeKey = Symbol('route');

/** The context of one request. A class, so that all of them have one shape, with getters that none has to bring. */
export class RequestContext implements UniteContext {
  readonly requestId: string;
  readonly tenantId: string | undefined;
  readonly userId: string | undefined;
  readonly plan: string | undefined;
  readonly deadlineAtMs: number | undefined;
  readonly release: string | undefined;
  readonly state = new Map<symbol, unknown>();
  readonly [lifetimeKey]: RequestLifetime;
  readonly [routeKey]: () => string | undefined;

  constructor({ requestId, identity, lifetime, release, route }: RequestFields) {
    this.requestId = requestId;
    this.tenantId = identity.tenantId;
    this.userId = identity.userId;
    this.plan = identity.plan;
    this.deadlineAtMs = lifetime.deadlineAtMs;
    this.release = release;
    this[lifetimeKey] = lifetime;
    this[routeKey] = route;
  }

  get route(): string | undefined {
    return this[routeKey]();
  }

  /** Made when it is first asked for. */
  get signal(): AbortSignal {
    return this[lifetimeKey].signal;
  }
}
