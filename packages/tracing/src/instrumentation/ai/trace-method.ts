import { context, SpanKind, type Tracer, trace } from '@opentelemetry/api';
import { AiCall } from './ai-call';
import type { AiOperation } from './gen-ai-attributes';
import { observeResult } from './observe-result';
import { quietOwnSpans } from './quiet-own-spans';
import { readField, readText } from './read-field';
import { requestAttributes } from './request-attributes';

/** How the calls of one method are told. */
export interface TracedMethod {
  readonly operation: AiOperation;
  readonly provider: string;
  readonly tracer: () => Tracer;
}

/** On a traced function: the one below it. Registered, since each copy of the package must know it. */
const originalKey = Symbol.for('unite.tracing.ai.original');

/**
 * Puts a traced `create` in the place of the owner's own: on one object, or on a prototype. One that is traced already
 * is traced anew, never twice.
 *
 * @returns what undoes it; `undefined` where the owner has no such method
 */
export function traceMethod(owner: unknown, method: TracedMethod): (() => void) | undefined {
  const undoCreate = replaceMethod(
    owner,
    'create',
    (create) =>
      function (this: unknown, ...args: unknown[]) {
        const self = this ?? owner;
        return tracedCall(method, readField(self, '_client'), args[0], () => create.apply(self, args));
      },
  );
  // Goes through `create`, and starts what must be quiet before it does.
  const undoStream = replaceMethod(
    owner,
    'stream',
    (stream) =>
      function (this: unknown, ...args: unknown[]) {
        quietOwnSpans(readField(this, '_client'));
        return stream.apply(this, args);
      },
  );
  if (!undoCreate) return undefined;
  return () => {
    undoCreate();
    undoStream?.();
  };
}

function tracedCall(method: TracedMethod, client: unknown, body: unknown, create: () => unknown): unknown {
  quietOwnSpans(client);
  const model = readText(body, 'model');
  const span = method.tracer().startSpan(model ? `${method.operation} ${model}` : method.operation, {
    kind: SpanKind.CLIENT,
    attributes: requestAttributes(method.operation, method.provider, body, client),
  });
  const inside = trace.setSpan(context.active(), span);
  if (!span.isRecording()) return context.with(inside, create);

  const call = new AiCall(span);
  try {
    return observeResult(context.with(inside, create), call);
  } catch (error) {
    call.fail(error);
    throw error;
  }
}

type Method = ((...args: unknown[]) => unknown) & { [originalKey]?: Method };

function replaceMethod(
  owner: unknown,
  name: string,
  make: (original: Method) => Method,
): (() => void) | undefined {
  const current = readField(owner, name) as Method;
  if (typeof current !== 'function') return undefined;
  const original = current[originalKey] ?? current;
  const target = owner as Record<string, unknown>;
  const before = Object.getOwnPropertyDescriptor(target, name);
  const replacement = Object.assign(make(original), { [originalKey]: original });
  Object.defineProperty(target, name, { value: replacement, writable: true, configurable: true });
  return () => {
    // What somebody put on top stays.
    if (target[name] !== replacement) return;
    if (before) Object.defineProperty(target, name, before);
    else delete target[name];
  };
}
