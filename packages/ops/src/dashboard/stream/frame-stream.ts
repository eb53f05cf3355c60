import type { Authorizer } from '../access/authorizer';
import { respond } from '../answer/responses';
import type { ScreenSources, Viewer } from '../screens/screen-source-types';
import { buildFrame, readFrameParts } from './build-frame';
import { Versions } from './versions';

const everyMs = 1_000;
const authorizeEveryMs = 60_000;
/** What waits for a viewer who does not read, at most. */
const maxWaitingBytes = 32_768;

interface Watching {
  readonly request: Request;
  readonly native: unknown;
  readonly viewer: Viewer;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  authorizedAtMs: number;
}

/** Sends a frame a second to all who watch. No timer runs while nobody does. */
export class FrameStream {
  dropped = 0;
  readonly #sources: ScreenSources;
  readonly #authorizer: Authorizer;
  readonly #maxViewers: number;
  readonly #versions: Versions;
  readonly #watching = new Set<Watching>();
  #isClosed = false;
  #idle: AbortController | undefined;

  constructor(sources: ScreenSources, authorizer: Authorizer, maxViewers: number) {
    this.#sources = sources;
    this.#authorizer = authorizer;
    this.#maxViewers = maxViewers;
    this.#versions = new Versions(sources);
  }

  get viewers(): number {
    return this.#watching.size;
  }

  /** @returns `undefined` where as many watch as may */
  open(request: Request, native: unknown, viewer: Viewer): Response | undefined {
    if (this.#isClosed || this.#watching.size >= this.#maxViewers) return undefined;
    return respond(
      200,
      'text/event-stream',
      request.method === 'HEAD' ? null : this.#body(request, native, viewer),
      {
        // Without no-transform a compression would keep events back until it has enough of them.
        'Cache-Control': 'no-cache, no-transform',
        'X-Accel-Buffering': 'no',
      },
    );
  }

  close(): void {
    this.#isClosed = true;
    for (const watching of this.#watching) this.#end(watching);
  }

  #body(request: Request, native: unknown, viewer: Viewer): ReadableStream<Uint8Array> {
    let watching: Watching | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          controller.enqueue(new TextEncoder().encode(': a frame a second\nretry: 2000\n\n'));
          const authorizedAtMs = this.#sources.clock.monotonicMs();
          watching = { request, native, viewer, controller, authorizedAtMs };
          this.#add(watching);
        },
        cancel: () => {
          if (watching) this.#forget(watching);
        },
      },
      { highWaterMark: maxWaitingBytes, size: (chunk) => chunk.byteLength },
    );
  }

  #add(watching: Watching): void {
    this.#watching.add(watching);
    if (this.#idle) return;
    this.#idle = new AbortController();
    void this.#run(this.#idle.signal);
  }

  #forget(watching: Watching): void {
    this.#watching.delete(watching);
    if (this.#watching.size > 0) return;
    this.#idle?.abort();
    this.#idle = undefined;
  }

  #end(watching: Watching): void {
    if (!this.#watching.has(watching)) return;
    this.#forget(watching);
    watching.controller.close();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, collectors } = this.#sources;
    let sinceId = collectors.requests.ring.total;
    for (;;) {
      await clock.sleep(everyMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      this.#send(sinceId);
      sinceId = collectors.requests.ring.total;
    }
  }

  /** Made once for all who see the same. */
  #send(sinceId: number): void {
    const parts = readFrameParts(this.#sources, this.#versions);
    const frames = new Map<string | undefined, Uint8Array>();
    for (const watching of this.#watching) {
      const { tenantId } = watching.viewer;
      const frame = frames.get(tenantId) ?? buildFrame(parts, this.#sources, tenantId, sinceId);
      frames.set(tenantId, frame);
      this.#sendTo(watching, frame);
    }
  }

  #sendTo(watching: Watching, frame: Uint8Array): void {
    const { controller, authorizedAtMs } = watching;
    if ((controller.desiredSize ?? 0) <= 0) {
      this.dropped += 1;
      this.#forget(watching);
      controller.error(new Error('The viewer does not read'));
      return;
    }
    controller.enqueue(frame);
    if (this.#sources.clock.monotonicMs() - authorizedAtMs >= authorizeEveryMs) void this.#ask(watching);
  }

  async #ask(watching: Watching): Promise<void> {
    const { request, native, viewer } = watching;
    watching.authorizedAtMs = this.#sources.clock.monotonicMs();
    const now = await this.#authorizer.viewer(request, native);
    if (now?.tenantId !== viewer.tenantId || now === undefined) this.#end(watching);
  }
}
