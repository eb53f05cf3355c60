import { type Context, createContextKey, type Span, type SpanContext, trace } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { noteServerSpan } from '../request/server-span-of';
import { noteOwnSpan } from './own-spans';

/** A parent that a request claimed, until the local root that links to it has been started. */
interface Claim {
  take(): SpanContext | undefined;
}

/** The same in every copy of this module: the API makes it of the name. */
const claimKey = createContextKey('unite.tracing.claimed-parent');

/** A context whose next local root links to `parent` instead of becoming its child. */
export function withClaim(base: Context, parent: SpanContext, onLinked?: () => void): Context {
  let open = true;
  const claim: Claim = {
    take() {
      if (!open) return undefined;
      open = false;
      onLinked?.();
      return parent;
    },
  };
  return base.setValue(claimKey, claim);
}

/** Links a span that was started in `context` to the parent which its request claimed. A second call does nothing. */
export function linkClaim(span: Span, context: Context): void {
  if (trace.getSpan(context)) return;
  const parent = (context.getValue(claimKey) as Claim | undefined)?.take();
  if (parent) span.addLink({ context: parent, attributes: { 'unite.link.reason': 'untrusted-parent' } });
}

/**
 * Links local roots to what their requests claimed, whoever starts them: Next.js and the instrumentation of
 * `node:http` start spans from what the propagator extracted, and know nothing of claims. Goes among the span
 * processors of the provider. Adapters find the server span of a request through it, too.
 */
export function linkProcessor(): SpanProcessor {
  return {
    onStart(span, parentContext) {
      linkClaim(span, parentContext);
      noteServerSpan(span, parentContext);
      noteOwnSpan(span);
    },
    onEnd() {},
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
