import { Client, type Dispatcher, errors } from 'undici';

/** Hears how requests ended. */
export interface ConnectionListener {
  onAnswer(status: number, bytes: number): void;
  onFailure(code: string): void;
}

/** A user's way to the target, for one request at a time. It is opened when there is something to send. */
export interface Connection {
  /** Whether something broke, so that the next request needs another one. */
  readonly isSpent: boolean;
  send(request: Dispatcher.DispatchOptions): void;
  /** Ends it at once. The listener hears nothing any more. */
  close(): void;
}

/** A server that names no time keeps a connection until it closes it. */
const keepAliveMs = 600_000;

/** One connection over HTTP/1.1, opened again when the server has closed it between two requests. */
export class HttpConnection implements Connection, Dispatcher.DispatchHandler {
  readonly #client: Client;
  #listener: ConnectionListener | undefined;
  #status = 0;
  #bytes = 0;
  #isSpent = false;

  constructor(origin: string, listener: ConnectionListener) {
    this.#client = new Client(origin, {
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      // The run has a limit of its own, over all of a request.
      connectTimeout: 0,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#listener = listener;
  }

  get isSpent(): boolean {
    return this.#isSpent;
  }

  send(request: Dispatcher.DispatchOptions): void {
    this.#bytes = 0;
    this.#client.dispatch(request, this);
  }

  close(): void {
    this.#listener = undefined;
    void this.#client.destroy();
  }

  // By its presence undici knows which kind of handler this is.
  onRequestStart(): void {}

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    if (String(headers['content-type']).startsWith('text/event-stream')) {
      // It would not end: what a stream takes is the time to its headers.
      this.#spend((listener) => listener.onAnswer(status, 0));
      controller.abort(new errors.RequestAbortedError());
    }
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
  }

  onResponseEnd(): void {
    this.#listener?.onAnswer(this.#status, this.#bytes);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#spend((listener) => listener.onFailure(codeOf(error)));
  }

  #spend(tell: (listener: ConnectionListener) => void): void {
    if (this.#isSpent) return;
    this.#isSpent = true;
    // The client is in the middle of clearing up, and does not expect to be closed or used.
    queueMicrotask(() => this.#listener && tell(this.#listener));
  }
}

/** A code that people know, where undici has its own. */
function codeOf(error: Error): string {
  // "other side closed", which Node's own client calls so.
  if (error instanceof errors.SocketError) return 'ECONNRESET';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}
