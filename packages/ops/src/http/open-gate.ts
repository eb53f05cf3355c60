import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkOptions, expects } from '@unite/shared';
import type { OpsError } from '../errors';
import { type HealthPageOptions, healthAnswer, healthPageChecks } from '../health/health-answer';
import type { Lifecycle } from '../types';
import { checkLifecycle } from './check-lifecycle';

/** Options of `lifecycleListener` and `lifecycleMiddleware`. */
export interface GateOptions extends HealthPageOptions {
  /** Where the health pages are. @default '/health' */
  readonly healthPath?: string | undefined;
}

/** Answers what is for it, and hands on everything else: as it is, or with the reason for which it is refused. */
export type Gate = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (refusal?: OpsError) => void,
) => void;

const gateChecks = {
  ...healthPageChecks,
  healthPath: expects(
    'a path such as "/health"',
    (value) => typeof value === 'string' && /^\/.*[^/]$/.test(value),
  ),
};

/**
 * The health pages, which are never refused, and load shedding for the rest.
 *
 * @param owner whom the options belong to
 * @throws TypeError for an option that is unknown or malformed, or what is no lifecycle
 */
export function openGate(owner: string, lifecycle: Lifecycle, options: GateOptions): Gate {
  checkLifecycle(owner, lifecycle);
  checkOptions(owner, options, gateChecks);
  const { healthPath = '/health', ...pageOptions } = options;
  const prefix = `${healthPath}/`;

  return (request, response, next) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (path.startsWith(prefix)) {
      answerHealth(path.slice(prefix.length).replace(/\/$/, ''), request, response);
      return;
    }
    const admission = lifecycle.admit();
    if (admission.admitted) {
      response.once('close', () => admission.release());
      next();
    } else {
      next(admission.error);
    }
  };

  function answerHealth(page: string, { method, headers: asked }: IncomingMessage, response: ServerResponse) {
    const nonce = asked['x-health-nonce']?.toString();
    void healthAnswer(lifecycle, { method, page, nonce }, pageOptions).then(({ status, headers, body }) => {
      response.writeHead(status, headers).end(body);
    });
  }
}
