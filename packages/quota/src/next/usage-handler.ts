import type { CloseOptions } from '@unite/core';
import { checkOptions } from '@unite/shared';
import { checkWay, type OnRefused, problemResponse } from '../response/problem-response';
import {
  asksForStream,
  documentHeaders,
  streamHeaders,
  type UsageOptions,
  UsageSource,
} from '../response/usage-source';
import type { UsageViewer } from '../response/usage-viewer';
import type { Quota } from '../types';

/** Options of `usageHandler`. */
export interface UsageHandlerOptions extends UsageOptions {
  /** As with `withQuota`: what happens where there is no tenant, or too many watch. @default 'respond' */
  readonly onRefused?: OnRefused | undefined;
}

/** A route handler that owns streams: `close` ends them. */
export type UsageHandler = ((request: Request) => Promise<Response>) & {
  close(options?: CloseOptions): Promise<void>;
};

/**
 * Answers how the context's tenant stands, as a `UsageDocument`; to `Accept: text/event-stream` with one event now and
 * one after each change, at most one a poll. All who watch a tenant share one read.
 *
 * One handler in a process: put it into `once`. Its `close` goes before that of the quota.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * // app/api/usage/route.ts
 * export const GET = route(usageHandler(quota), { quota: false });
 */
export function usageHandler(
  quota: Pick<Quota, 'usage'>,
  { onRefused = 'respond', ...options }: UsageHandlerOptions = {},
): UsageHandler {
  checkOptions('usageHandler', { onRefused }, checkWay);
  const source = new UsageSource('usageHandler', quota, options);

  const handler = async (request: Request): Promise<Response> => {
    try {
      return asksForStream(request.headers.get('accept'))
        ? new Response(streamOf(await source.watch(), request.signal), { headers: streamHeaders })
        : new Response(JSON.stringify(await source.document()), { headers: documentHeaders });
    } catch (error) {
      return problemResponse(error, onRefused);
    }
  };
  return Object.assign(handler, { close: (closing?: CloseOptions) => source.close(closing) });
}

/** Asks the viewer only when the client is ready for more. */
function streamOf(viewer: UsageViewer, client: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const leave = () => viewer.close();
  client.addEventListener('abort', leave, { once: true });
  viewer.closed.addEventListener('abort', () => client.removeEventListener('abort', leave), { once: true });
  if (client.aborted) leave();
  return new ReadableStream(
    {
      async pull(controller) {
        const frame = await viewer.next();
        if (frame !== undefined) controller.enqueue(encoder.encode(frame));
        else controller.close();
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  );
}
