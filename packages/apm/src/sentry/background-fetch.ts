import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Fetch } from './post-envelope';

const agentOptions = { keepAlive: true, maxSockets: 8 };
const httpAgent = new HttpAgent(agentOptions);
const httpsAgent = new HttpsAgent(agentOptions);

/**
 * Posts as `fetch` does, from sockets that keep no process alive: those of `fetch` do, for as long as a receiver does not
 * answer. Redirections are not followed. Who waits for an answer keeps the process alive itself.
 */
export const backgroundFetch: Fetch = (url, { method, headers, body, signal }) =>
  new Promise((resolve, reject) => {
    const isSecure = url.startsWith('https:');
    const bytes = body as Uint8Array;
    const options = {
      method,
      headers: { ...(headers as Record<string, string>), 'Content-Length': bytes.byteLength },
      agent: isSecure ? httpsAgent : httpAgent,
      ...(signal && { signal }),
    };
    const request = (isSecure ? requestHttps : requestHttp)(url, options, (response) =>
      resolve(answerOf(response)),
    );
    request.on('error', reject);
    request.on('socket', (socket) => {
      const unref = () => void socket.unref();
      unref();
      // Each address that is tried has a handle of its own.
      if (socket.connecting) socket.on('connectionAttempt', unref).once('connect', unref);
    });
    request.end(bytes);
  });

function answerOf(response: IncomingMessage): Awaited<ReturnType<Fetch>> {
  // Told by whoever reads the body; else it would end the process.
  response.on('error', () => {});
  return {
    status: response.statusCode ?? 0,
    headers: { get: (name) => String(response.headers[name] ?? '') || null },
    body: response,
  };
}
