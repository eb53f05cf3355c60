import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { checkDashboard } from '../dashboard/check-dashboard';
import type { Dashboard } from '../dashboard/dashboard-types';
import type { Middleware } from './express-types';

type MountedRequest = IncomingMessage & {
  readonly originalUrl?: string;
  readonly baseUrl?: string;
  /** Where a parser was in front. */
  readonly body?: unknown;
};

/**
 * Mounts a dashboard, in Express 4 and 5. Goes in front of what compresses or after it: its stream says that it is not to
 * be held back.
 *
 * @throws TypeError for what is no dashboard
 * @example
 * app.use('/ops', dashboardMiddleware(dashboard));
 */
export function dashboardMiddleware(dashboard: Dashboard): Middleware<MountedRequest> {
  checkDashboard('dashboardMiddleware', dashboard);
  return (request, response, next) => {
    void answer(dashboard, request, response).catch(next);
  };
}

async function answer(
  dashboard: Dashboard,
  request: MountedRequest,
  response: ServerResponse,
): Promise<void> {
  const asked = toWebRequest(request);
  if (!asked) return void response.writeHead(400).end();
  const place = { basePath: request.baseUrl ?? '', native: request };
  const { status, headers, body } = await dashboard.handle(asked, place);
  response.statusCode = status;
  for (const [name, value] of headers) response.setHeader(name, value);
  // What was not read of a body would stand in the way of the next request.
  if (!request.complete) response.setHeader('Connection', 'close');
  response.flushHeaders();
  if (body) await send(body, response);
  response.end();
}

/** Whoever goes away ends it; so does the dashboard, with whoever does not read. */
async function send(body: ReadableStream<Uint8Array>, response: ServerResponse): Promise<void> {
  const reader = body.getReader();
  response.once('close', () => void reader.cancel().catch(() => undefined));
  const over = reader.closed.catch(() => response.destroy());
  for (;;) {
    const part = await reader.read().catch(() => undefined);
    if (part?.value === undefined) return;
    if (!response.write(part.value))
      await Promise.race([over, new Promise((resolve) => response.once('drain', resolve))]);
  }
}

/**
 * The name of the host is in its header alone: an address that is made of it could be malformed.
 *
 * @returns `undefined` for what the Web has no request for, such as TRACE
 */
function toWebRequest(request: MountedRequest): Request | undefined {
  const { method = 'GET', originalUrl, url = '/' } = request;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    for (const one of [value ?? []].flat()) headers.append(name, one);
  const path = (originalUrl ?? url).replace(/^[a-z]+:\/\/[^/]*/i, '');
  const isBodiless = method === 'GET' || method === 'HEAD';
  try {
    return new Request(`http://localhost${path}`, {
      method,
      headers,
      ...(!isBodiless && { body: bodyOf(request), duplex: 'half' }),
    } as RequestInit);
  } catch {
    return undefined;
  }
}

function bodyOf(request: MountedRequest): BodyInit {
  if (!request.readableEnded) return Readable.toWeb(request) as ReadableStream<Uint8Array>;
  return typeof request.body === 'string' ? request.body : JSON.stringify(request.body ?? null);
}
