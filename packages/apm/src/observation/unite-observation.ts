import type { UniteContext } from '@unite/core';
import { createContext, runWithContext } from '@unite/core/context';
import { controlFlowStatus } from '@unite/shared';
import type { CaptureOptions } from '../capture/capture-types';
import type {
  ApmRequestMessage,
  FinishedRequest,
  Observation,
  ObservedRequest,
  RequestEnd,
} from './observation-types';
import { problemStatus } from './problem-status';
import { requestChannel } from './request-channel';

/** What an observation needs of its set-up. */
export interface ObservationHost {
  nowMs(): number;
  wallMs(): number;
  /** That of the request, where there is one. */
  context(): UniteContext | undefined;
  capture(error: unknown, options: CaptureOptions): string | undefined;
  finish(request: FinishedRequest, method: string, template: string, traceId: string | undefined): void;
}

/** Methods that are counted by name; anything can be sent as one. @see RFC 9110 §9.3 */
const methods = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'QUERY',
]);

/** The observation that `Apm.observe` makes. */
export class UniteObservation implements Observation {
  readonly #host: ObservationHost;
  readonly #method: string;
  readonly #startedAtMs: number;
  readonly #context: UniteContext;
  readonly #isOwnContext: boolean;
  #template: ObservedRequest['route'];
  #thrownStatus: number | undefined;
  #eventId: string | undefined;
  #isEnded = false;

  constructor(host: ObservationHost, { method, route }: ObservedRequest) {
    this.#host = host;
    this.#method = methods.has(method) ? method : '_OTHER';
    this.#startedAtMs = host.nowMs();
    this.#template = route;
    const context = host.context();
    this.#isOwnContext = context === undefined;
    // Without one of core's, what belongs to the request has a record of its own.
    this.#context = context ?? this.#ownContext();
  }

  run<Result>(work: () => Result): Result {
    return this.#isOwnContext ? runWithContext(this.#context, work) : work();
  }

  named(route: string | undefined): void {
    if (route !== undefined) this.#template = route;
  }

  failed(error: unknown): string | undefined {
    const status = controlFlowStatus(error) ?? problemStatus(error);
    this.#thrownStatus = status ?? 500;
    if (status !== undefined && status < 500) return undefined;
    this.#eventId = this.#host.capture(error, { kind: 'request', route: this.#route() });
    return this.#eventId;
  }

  end(end?: RequestEnd): void {
    const { status = this.#thrownStatus ?? 200, isAborted = false } = end ?? {};
    if (this.#isEnded) return;
    this.#isEnded = true;
    // Next.js steers itself, and renders again: this was no answer.
    if (status === 0) return;
    // What failed in the middle of an answer closes the connection, too: that was not the client.
    const failedWith = isAborted && Number(this.#thrownStatus) >= 500 ? this.#thrownStatus : undefined;
    this.#finish(failedWith ?? status, isAborted && failedWith === undefined);
  }

  #finish(status: number, isAborted: boolean): void {
    const route = this.#route();
    const finished: FinishedRequest = {
      route,
      status,
      isError: status >= 500,
      isAborted,
      durationMs: this.#elapsedMs(),
      endedAtMs: this.#host.wallMs(),
    };
    const { requestId, tenantId, traceId } = this.#context;
    this.#host.finish(finished, this.#method, route.slice(this.#method.length + 1), traceId);
    if (!requestChannel?.hasSubscribers) return;
    const eventId = this.#eventId;
    requestChannel.publish({
      ...finished,
      requestId,
      tenantId,
      traceId,
      eventId,
    } satisfies ApmRequestMessage);
  }

  serverTiming(): string {
    return `app;dur=${this.#elapsedMs().toFixed(1)}`;
  }

  #elapsedMs(): number {
    return this.#host.nowMs() - this.#startedAtMs;
  }

  /** Whatever no route was found for is one: raw paths are without end. */
  #route(): string {
    const template = this.#named() ?? (this.#isOwnContext ? undefined : templateOf(this.#context.route));
    return `${this.#method} ${template ?? 'unmatched'}`;
  }

  #named(): string | undefined {
    return typeof this.#template === 'function' ? this.#template() : this.#template;
  }

  /** Its route is read late, as that of core's is: what is captured before the end has it too. */
  #ownContext(): UniteContext {
    const route = () => {
      const template = this.#named();
      return template === undefined ? undefined : `${this.#method} ${template}`;
    };
    return Object.defineProperty(createContext(), 'route', { get: route, enumerable: true });
  }
}

/** The context's route has the method before the template. */
function templateOf(route: string | undefined): string | undefined {
  return route?.slice(route.indexOf(' ') + 1);
}
