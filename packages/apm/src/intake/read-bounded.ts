/** Whoever sends slower than this is not waited for. */
const timeoutMs = 10_000;

/** The body of a request; 413 where it is longer, 408 where it did not end in time. @throws where it broke off */
export async function readBounded(
  { body, headers }: Request,
  maxBytes: number,
): Promise<Uint8Array | 408 | 413> {
  if (Number(headers.get('content-length')) > maxBytes) return 413;
  const reader = body?.getReader();
  if (!reader) return new Uint8Array();
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<408>((resolve) => {
    timer = setTimeout(() => resolve(408), timeoutMs).unref();
  });
  try {
    return await Promise.race([readAll(reader, maxBytes), timeUp]);
  } finally {
    clearTimeout(timer);
    // A source may take its time to end, or fail at it; nobody waits for that.
    reader.cancel().catch(() => {});
  }
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array | 413> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let chunk = await reader.read();
  while (!chunk.done) {
    bytes += chunk.value.byteLength;
    if (bytes > maxBytes) return 413;
    chunks.push(chunk.value);
    chunk = await reader.read();
  }
  return Buffer.concat(chunks);
}
