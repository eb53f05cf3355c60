import type { CustomFetch } from 'openid-client';

/** Documents of providers have a few thousand bytes. */
export const maxAnswerBytes = 1_048_576;

/** An answer that would fill the memory. */
export class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong';

  constructor() {
    super(`An answer of the identity provider has more than ${maxAnswerBytes} bytes`);
  }
}

/**
 * A `fetch` whose answers are read here, up to a size: time alone is no limit, as a fast network fills the memory first.
 *
 * @param fetch as it was given; without one the global one of that time
 */
export function boundedFetch(fetch: typeof globalThis.fetch | undefined): CustomFetch {
  return async (url, options) => {
    const response = await (fetch ?? globalThis.fetch)(url, options as RequestInit);
    // `null` also of a status that may have none.
    if (!response.body) return response;
    const { status, statusText, headers } = response;
    return new Response(await readWithin(response.body), { status, statusText, headers });
  };
}

/** @throws AnswerTooLong */
async function readWithin(body: ReadableStream<Uint8Array>): Promise<Blob> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the body, and with it the connection.
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxAnswerBytes) throw new AnswerTooLong();
    chunks.push(chunk);
  }
  return new Blob(chunks as BlobPart[]);
}
