/** How many traces are remembered, the newest. */
const maxTraces = 20_000;

/**
 * A receiver of traces that can be cut off: `proxy.set('refuse')`, `proxy.set('pass')`.
 *
 * @param {{
 *   startOtlpReceiver: typeof import('../services/src/otlp/index').startOtlpReceiver,
 *   startFaultProxy: typeof import('../services/src/index').startFaultProxy,
 * }} services
 */
export async function startTraceReceiver({ startOtlpReceiver, startFaultProxy }) {
  /** @type {Set<string>} */
  const traceIds = new Set();
  let spans = 0;
  const receiver = await startOtlpReceiver({
    onTrace: (request) => {
      for (const traceId of traceIdsOf(request)) {
        spans += 1;
        traceIds.add(traceId);
        if (traceIds.size > maxTraces) traceIds.delete(traceIds.keys().next().value ?? '');
      }
    },
  });
  const proxy = await startFaultProxy({ target: receiver.httpUrl });
  return {
    /** For `OTLP_TRACES_URL`. */
    url: `${proxy.url()}/v1/traces`.replace(/([^:])\/\//, '$1/'),
    proxy,
    /** Of the newest traces of which a span has come; at most 20,000. */
    traceIds,
    /** How many spans have come. */
    get spans() {
      return spans;
    },
    async close() {
      await proxy.close();
      await receiver.close();
    },
  };
}

/**
 * One for each span, in hex.
 *
 * @param {{ resourceSpans?: readonly { scopeSpans: readonly { spans: readonly { traceId: string | Uint8Array }[] }[] }[] }} request
 */
function traceIdsOf({ resourceSpans = [] }) {
  return resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId }) =>
        typeof traceId === 'string' ? traceId : Buffer.from(traceId).toString('hex'),
      ),
    ),
  );
}
