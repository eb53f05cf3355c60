import type { ServerResponse } from 'node:http';
import { currentContext } from '@unite/core/context';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import { emitInside, routeReader } from '@unite/shared/express';
import type { Observation } from '../observation/observation-types';
import type { Apm } from '../types';
import type { ExpressRequest, Middleware } from './express-types';
import { observations } from './observations';

/** Options of `apmMiddleware`. */
export interface ApmMiddlewareOptions {
  readonly apm: Pick<Apm, 'observe'>;
  /** Whether a request is not observed, as for health checks. @default none */
  readonly skip?: ((request: ExpressRequest) => boolean) | undefined;
}

/**
 * Observes every request, for Express 4 and 5 and plain connect: duration, outcome and cost. Goes behind
 * `contextMiddleware` and `tracingMiddleware`; `apmErrorMiddleware` belongs to it, or errors are counted and not captured.
 *
 * The route is the template that the router found; what it found none for is `unmatched`. A response gets
 * `Server-Timing`.
 *
 * @throws TypeError for an option that is unknown, missing or malformed
 * @example
 * app.use(apmMiddleware(apm));
 */
export function apmMiddleware(apm: Pick<Apm, 'observe'> | ApmMiddlewareOptions): Middleware {
  const options =
    'observe' in Object(apm) ? { apm: apm as Pick<Apm, 'observe'> } : (apm as ApmMiddlewareOptions);
  checkOptions('apmMiddleware', options, checks, ['apm']);
  const { skip } = options;

  return (request, response, next) => {
    // A router may be behind the middleware twice.
    if (observations.has(request) || skip?.(request)) return next();
    const route = routeReader(request, currentContext());
    const observation = options.apm.observe({ method: request.method ?? 'GET', route });
    observations.set(request, observation);
    const run = <Result>(work: () => Result) => observation.run(work);
    addTiming(response, observation);
    response.once('close', () => {
      observation.end({ status: response.statusCode, isAborted: !response.writableFinished });
    });
    if (currentContext() === undefined) {
      emitInside(request, run);
      emitInside(response, run);
    }
    run(next);
  };
}

const checks = {
  apm: expects('what startApm returns', (value) => 'observe' in Object(value)),
  skip: optionChecks.function,
};

/** Just before they are sent: nobody sets `Server-Timing` any more. */
function addTiming(response: ServerResponse, observation: Observation): void {
  const writeHead = response.writeHead as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    response.writeHead = writeHead;
    if (!response.headersSent) response.appendHeader('Server-Timing', observation.serverTiming());
    return writeHead.apply(response, args);
  };
}
