import { type Agent as HttpAgent, request as requestHttp } from 'node:http';
import { type Agent as HttpsAgent, request as requestHttps } from 'node:https';

/** What is sent, ready for the wire. */
export interface OtlpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: HttpAgent | HttpsAgent;
  readonly body: Uint8Array;
}

/** What the receiver said. */
export interface OtlpAnswer {
  readonly status: number;
  readonly contentType: string;
  /** As it came: seconds, or a date. */
  readonly retryAfter: string | undefined;
  readonly body: Buffer;
}

/** A receiver says little: a longer answer is something else. */
const maxAnswerBytes = 4 * 2 ** 20;

/**
 * One request and its whole answer. Neither keeps the process alive: somebody who waits for them does.
 *
 * @throws what the connection failed with, or the reason of the signal
 */
export async function postOtlp(
  { url, headers, agent, body }: OtlpRequest,
  signal: AbortSignal,
): Promise<OtlpAnswer> {
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send(url, { method: 'POST', headers, agent, signal }, async (response) => {
      try {
        const { statusCode: status = 0, headers: said } = response;
        const contentType = said['content-type']?.toLowerCase() ?? '';
        const answer = await readAll(response);
        resolve({ status, contentType, retryAfter: said['retry-after'], body: answer });
      } catch (error) {
        reject(error);
      }
    });
    request.on('socket', (socket) => socket.unref());
    request.on('error', reject);
    request.end(body);
  });
}

async function readAll(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const read: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new Error(`the receiver answered more than ${maxAnswerBytes} bytes`);
    read.push(chunk);
  }
  return Buffer.concat(read);
}
