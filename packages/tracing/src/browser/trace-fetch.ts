import type { PageSpan } from './page-span';
import { randomId } from './random-id';
import { traceOfResponse } from './server-trace';
import type { SpanQueue } from './span-queue';

/** One request that is under way. */
interface Call {
  readonly init: RequestInit;
  answered(response: Response): void;
  failed(error: unknown): void;
}

/**
 * Makes a span of every `fetch` to this origin and to `origins`, until the function it returns is called. The trace id
 * that it sends is of no use to anybody but a server that trusts it: the server's own is learnt from the response.
 */
export function traceFetch(queue: SpanQueue, page: PageSpan, origins: readonly string[]): () => void {
  const original = window.fetch;
  let isOn = true;
  window.fetch = traced;
  return () => {
    isOn = false;
    // Somebody else may have wrapped it since.
    if (window.fetch === traced) window.fetch = original;
  };

  function traced(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const call = isOn ? begin(input, init) : undefined;
    if (!call) return original.call(window, input, init);
    return original.call(window, input, call.init).then(
      (response) => {
        quietly(() => call.answered(response));
        return response;
      },
      (error) => {
        quietly(() => call.failed(error));
        throw error;
      },
    );
  }

  /** `undefined` where the request goes as it is: elsewhere, in a trace already, or nothing that fetch would take. */
  function begin(input: RequestInfo | URL, init: RequestInit | undefined): Call | undefined {
    try {
      const request = input instanceof Request ? input : undefined;
      const { origin, pathname, protocol } = new URL(request?.url ?? String(input), document.baseURI);
      const headers = new Headers(init?.headers ?? request?.headers);
      const isOurs = origin === location.origin || origins.includes(origin);
      if (!protocol.startsWith('http') || !isOurs || headers.has('traceparent')) return undefined;

      const spanId = randomId(8);
      headers.set('traceparent', `00-${randomId(16)}-${spanId}-01`);
      headers.set('tracestate', 'unite=browser');
      const method = (init?.method ?? request?.method ?? 'GET').toUpperCase();
      const startedAtMs = Date.now();
      const startMs = performance.now();
      const span = (path: string) => ({
        spanId,
        kind: 'fetch' as const,
        name: `${method} ${path}`.slice(0, 256),
        startedAtMs,
        durationMs: performance.now() - startMs,
      });
      return {
        init: { ...init, headers },
        answered(response) {
          const server = traceOfResponse(response);
          if (!server) return;
          const { traceId, route = pathname } = server;
          queue.add({ ...span(route), traceId, status: response.status });
        },
        failed(error) {
          const parent = page.parent();
          if (!parent) return queue.drop();
          queue.add({ ...span(pathname), ...parent, error: nameOf(error) });
        },
      };
    } catch {
      return undefined;
    }
  }
}

/** What a test or a service worker gives for a response need not be one. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The page is not to notice.
  }
}

/** `AbortError` of a DOMException too; an application aborts with whatever it likes. */
function nameOf(error: unknown): string {
  const { name } = (error ?? {}) as { name?: unknown };
  return typeof name === 'string' && /^\w{1,64}$/.test(name) ? name : 'Error';
}
