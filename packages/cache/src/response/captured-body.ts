/** The bytes of a body as they go by, up to a limit. */
export class CapturedBody {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether it is more than may be kept; then nothing of it is. */
  get isTooLarge(): boolean {
    return this.#bytes > this.#maxBytes;
  }

  /** Takes a copy: whoever writes may use the same memory again. */
  add(chunk: unknown, encoding?: unknown): void {
    const bytes = bytesOf(chunk, encoding);
    this.#bytes += bytes.byteLength;
    if (this.isTooLarge) this.#chunks = [];
    else this.#chunks.push(bytes);
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }
}

/** As `write` and `end` take a chunk; they take a callback in its place too. */
function bytesOf(chunk: unknown, encoding: unknown): Buffer {
  if (typeof chunk === 'string') {
    return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  }
  return chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.alloc(0);
}
