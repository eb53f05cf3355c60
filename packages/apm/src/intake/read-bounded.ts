/** Whoever sends slower than this is not waited for. */
const timeoutMs = 10_000;

/** The body of a request; `undefined` where it is longer. @throws where it broke off, or took too long */
export async function readBounded(
  { body, headers }: Request,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  if (Number(headers.get('content-length')) > maxBytes) return undefined;
  const reader = body?.getReader();
  const timer = setTimeout(() => reader?.cancel(), timeoutMs).unref();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    let chunk = await reader?.read();
    while (chunk && !chunk.done) {
      bytes += chunk.value.byteLength;
      if (bytes > maxBytes) return undefined;
      chunks.push(chunk.value);
      chunk = await reader?.read();
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
    await reader?.cancel();
  }
}
