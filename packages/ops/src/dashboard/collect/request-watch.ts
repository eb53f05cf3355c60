import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@unite/core';
import { cut } from './cut';
import { bucketOf, LatencyHistogram, rounded } from './latency-histogram';
import { maskPath } from './mask-path';
import type { Pulse } from './pulse';
import { RecentMap } from './recent-map';
import { FactsByRequest, type RequestFacts, readFacts } from './request-facts';
import { RequestRing } from './request-ring';
import { RouteTable } from './route-table';
import type { Message, Subscriptions } from './subscriptions';

/** How many tenants' requests are counted. */
const maxTenants = 1_000;

/** What Express writes on a request. */
type RoutedRequest = IncomingMessage & {
  readonly originalUrl?: string;
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown } | undefined;
};

/**
 * Every request of every HTTP server of this process, once, when its response closes: Node itself tells of them. What
 * `@unite/apm` knows of the same request is added by the request id that both have.
 */
export class RequestWatch {
  readonly ring: RequestRing;
  readonly routes = new RouteTable();
  /** How many each tenant has sent. */
  readonly tenants = new RecentMap<number>(maxTenants);
  readonly times = new LatencyHistogram();
  errors = 0;
  readonly #facts: FactsByRequest;
  readonly #pulse: Pulse;
  readonly #clock: Clock;
  readonly #own = new WeakSet<object>();
  readonly #ownPaths = new Set<string>();

  constructor(kept: number, pulse: Pulse, clock: Clock) {
    this.ring = new RequestRing(kept);
    this.#facts = new FactsByRequest(kept);
    this.#pulse = pulse;
    this.#clock = clock;
  }

  listen(subscriptions: Subscriptions): void {
    subscriptions.to('http.server.request.start', (message) => this.#begin(message));
    subscriptions.to('unite:apm:request', (message) => this.#learn(message));
  }

  /** Requests to the dashboard itself are not counted: by the framework's request, else by their path. */
  exclude(native: unknown, basePath: string): void {
    if (typeof native === 'object' && native !== null) this.#own.add(native);
    // One application mounts it once or twice.
    else if (this.#ownPaths.size < 8) this.#ownPaths.add(basePath);
  }

  /** Rows and ids that are held: what a bound is a bound of. */
  get size(): number {
    return this.ring.rows().length + this.#facts.size + this.tenants.size + this.routes.rows().length;
  }

  #begin({ request, response }: Message): void {
    const startedMs = this.#clock.monotonicMs();
    const [asked, answer] = [request as RoutedRequest, response as ServerResponse];
    // It comes once; a listener that takes itself away costs twice as much.
    answer.on('close', () => {
      try {
        this.#end(asked, answer, this.#clock.monotonicMs() - startedMs);
      } catch {
        // A response of somebody's that cannot be read: the server goes on.
      }
    });
  }

  #end(request: RoutedRequest, response: ServerResponse, durationMs: number): void {
    const path = pathOf(request);
    if (this.#isOwn(request, path)) return;
    const { method = 'GET' } = request;
    const requestId = textOf(response, 'x-request-id');
    const told = requestId === undefined ? undefined : this.#facts.take(requestId);
    const facts = told && isOf(told, method) ? told : undefined;
    const isStream = textOf(response, 'content-type')?.startsWith('text/event-stream') === true;
    // Whoever leaves a stream has seen what there was.
    const isAborted = !response.writableFinished && !isStream;
    const status = isAborted ? 499 : response.statusCode;
    const route = facts?.route ?? routeOf(request, path);
    this.#count(`${method} ${route}`, status, isStream || isProbe(path) ? undefined : durationMs);
    const row = this.ring.add({
      atMs: this.#clock.wallMs(),
      method,
      route,
      status,
      isAborted,
      durationMs: rounded(durationMs),
      tenantId: facts?.tenantId,
      traceId: facts?.traceId ?? traceOf(response),
      eventId: facts?.eventId,
    });
    this.#countTenant(row.tenantId);
    if (requestId !== undefined && !told) this.#facts.settle(requestId, row);
  }

  /** @param durationMs `undefined` for what says nothing about how fast the application is */
  #count(route: string, status: number, durationMs: number | undefined): void {
    const isError = status >= 500;
    if (isError) this.errors += 1;
    const bucket = durationMs === undefined ? undefined : bucketOf(durationMs);
    this.routes.record(route, isError, bucket);
    if (bucket === undefined) return;
    this.times.record(bucket);
    this.#pulse.request(isError, status === 429, bucket);
  }

  /** What is told when the request has ended already, as in Express. */
  #learn(message: Message): void {
    if (typeof message.requestId !== 'string') return;
    const facts = readFacts(message);
    const row = this.#facts.learn(message.requestId, facts);
    if (!row || !isOf(facts, row.method)) return;
    row.route = facts.route ?? row.route;
    row.tenantId = facts.tenantId;
    row.traceId = facts.traceId ?? row.traceId;
    row.eventId = facts.eventId;
    this.#countTenant(facts.tenantId);
  }

  #countTenant(tenantId: string | undefined): void {
    if (tenantId !== undefined) this.tenants.set(tenantId, (this.tenants.get(tenantId) ?? 0) + 1);
  }

  #isOwn(request: IncomingMessage, path: string): boolean {
    if (this.#own.has(request)) return true;
    for (const own of this.#ownPaths) if (path === own || path.startsWith(`${own}/`)) return true;
    return false;
  }
}

/** Whether facts are of a request with this method. */
function isOf(facts: RequestFacts, method: string): boolean {
  return facts.method === method || facts.method === '_OTHER';
}

/** The template of Express, else the path with its identifiers masked. */
function routeOf({ route, baseUrl = '' }: RoutedRequest, path: string): string {
  const template = route?.path;
  if (typeof template !== 'string') return cut(maskPath(path), 200);
  const base = baseUrl === '' ? '' : maskPath(baseUrl);
  return cut(base !== '' && template === '/' ? base : base + template, 200);
}

function pathOf({ originalUrl, url = '/' }: RoutedRequest): string {
  const whole = originalUrl ?? url;
  const end = whole.indexOf('?');
  return end < 0 ? whole : whole.slice(0, end);
}

function isProbe(path: string): boolean {
  return path === '/metrics' || path === '/health' || path.startsWith('/health/');
}

function textOf(response: ServerResponse, name: string): string | undefined {
  const value = response.getHeader(name);
  return typeof value === 'string' ? cut(value, 200) : undefined;
}

/** @see https://www.w3.org/TR/trace-context-2/#traceresponse-header */
function traceOf(response: ServerResponse): string | undefined {
  return textOf(response, 'traceresponse')?.match(/^00-([0-9a-f]{32})-/)?.[1];
}
