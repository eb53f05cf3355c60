import { request } from 'node:http';

/**
 * One request over a connection of its own, whose answer is read to its end within a time. It always settles, which
 * `fetch` of Node.js 20 does not where its signal aborts while the machine is busy.
 *
 * @param {URL | string} url
 * @param {{ method?: string, headers?: Record<string, string>, body?: string }} options
 * @param {number} timeoutMs
 * @returns {Promise<{ status: number, headers: Headers, text: string }>}
 */
export function fetchWithin(url, { method = 'GET', headers = {}, body }, timeoutMs) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: headersOf(response.rawHeaders), text }),
      );
    });
    const timer = setTimeout(() => sent.destroy(), timeoutMs);
    sent.once('error', reject);
    sent.once('close', () => {
      clearTimeout(timer);
      reject(new Error(`${new URL(url).pathname} was not answered within ${timeoutMs} ms`));
    });
    sent.end(body);
  });
}

/** @param {readonly string[]} raw names and values in turn */
function headersOf(raw) {
  const headers = new Headers();
  for (let index = 0; index < raw.length; index += 2) headers.append(raw[index] ?? '', raw[index + 1] ?? '');
  return headers;
}
