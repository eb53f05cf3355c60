import { fromLetters } from './request-work.mjs';

/** Keeps of each span what the judgement needs: a span processor. */
export function collectSpans() {
  const spans = [];
  return {
    spans,
    onStart() {},
    onEnd(span) {
      spans.push({
        name: nameOf(span),
        id: idOf(span),
        spanId: span.spanContext().spanId,
        traceId: span.spanContext().traceId,
        parentId: span.parentSpanContext?.spanId,
      });
    },
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  };
}

/** `SELECT unite` and `cache get 17` without what varies. */
function nameOf({ name }) {
  return name.replace(/^(SELECT|cache get) .*/, '$1');
}

/** The request that a span says it belongs to; those of connections say nothing. */
function idOf({ attributes }) {
  const text = String(attributes['db.query.text'] ?? '');
  const told =
    attributes.id ??
    attributes['unite.cache.definition'] ??
    /AS id_(\d+)/.exec(text)?.[1] ??
    /\/leaf\/(\d+)/.exec(String(attributes['url.full'] ?? ''))?.[1];
  if (told !== undefined) return String(told);
  const letters = /^SET ([a-j]+):/.exec(text)?.[1];
  return letters && fromLetters(letters);
}
