import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { within } from '../within';

/** Of longer answers the rest is not read. */
const maxBodyBytes = 256 * 1_024;

/** One answer of a health page. */
export interface HealthAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly durationMs: number;
}

/** How pages are asked. */
export interface HealthQuestion {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks as a probe does: by a connection of its own, following no redirect.
 *
 * @throws NoAnswerError, and errors of the connection
 */
export async function askHealth(
  url: URL,
  { headers, timeoutMs, signal }: HealthQuestion,
): Promise<HealthAnswer> {
  const startMs = performance.now();
  const answer = await within(timeoutMs, signal, (both) => get(url, headers, both));
  return { ...answer, durationMs: Math.round(performance.now() - startMs) };
}

function get(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Omit<HealthAnswer, 'durationMs'>> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = (): void => {
        const body = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes <= maxBodyBytes) return;
        finish();
        response.destroy();
      });
      response.on('end', finish);
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}
