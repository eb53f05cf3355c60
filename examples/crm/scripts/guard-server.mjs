import http from 'node:http';

/** Longer than whoever means it takes to send a request, and shorter than it takes to hold all connections. */
const requestTimeoutMs = 15_000;

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/**
 * Has the next server of this process refuse what Next.js answers before any code of the application has a say: with
 * 500, methods that no `Request` may have and paths that are no UTF-8; and with a redirect to wherever it says, a target
 * that is an address, which only a proxy is asked for. And it waits for no request longer than it takes
 * to send one: Next.js reads a body for `proxy.ts` before a route is asked, and its deadline with it.
 */
export function guardServer() {
  const { createServer } = http;
  http.createServer = (/** @type {any[]} */ ...given) => {
    http.createServer = createServer;
    const listener = given.at(-1);
    const options = {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: 1_000,
    };
    return createServer(options, (request, response) => {
      const status = refusalOf(request);
      if (status === undefined) return listener(request, response);
      response.writeHead(status, { ...headers, ...(status === 405 && { allow: methods.join(', ') }) }).end();
    });
  };
}

/** @param {Pick<http.IncomingMessage, 'method' | 'url'>} request */
function refusalOf({ method = '', url = '' }) {
  if (!methods.includes(method)) return 405;
  const [path = ''] = url.split('?');
  // Some read a backslash as a slash, others do not.
  return path.startsWith('/') && !path.includes('\\') && isUtf8(path) ? undefined : 400;
}

/** @param {string} path */
function isUtf8(path) {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
