import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import onHeaders from 'on-headers';
import { demoSession } from '../../crm/lib/demo-session';
import { env } from '../../crm/lib/env';
import { factHeaders, learnFacts } from '../../crm/lib/request-facts';
import { roleAllows } from '../../crm/lib/roles';
import type { Session } from '../../crm/lib/session';
import { isSecure, maxStalenessMs, sessions } from './unite';
import { headersOf } from './web-request';

/** Who sends the request: whoever is signed in to the CRM; in a demo, else, the owner of a workspace that it names. */
export function readSession(request: IncomingMessage): Session | undefined {
  const headers = headersOf(request);
  return sessions.read(headers) ?? (env.isDemo ? demoSession(headers) : undefined);
}

/** The CRM's facts of a request: learnt when it comes, told in the headers of its answer. */
export const factsMiddleware: RequestHandler = (request, response, next) => {
  learnFacts(headersOf(request), () => readSession(request));
  response.setHeader('cache-control', 'private, no-store');
  const tell = () => {
    const told = factHeaders({ newsTakesMs: maxStalenessMs, tellsServer, isSecure });
    for (const [name, value] of told) response.appendHeader(name, value);
  };
  // They hang on the request's context, and the headers may be sent from a callback outside of it.
  onHeaders(response, AsyncResource.bind(tell));
  next();
};

function tellsServer(session: Session | undefined): boolean {
  return env.isDemo || (session !== undefined && roleAllows(session.role, 'read ops'));
}
