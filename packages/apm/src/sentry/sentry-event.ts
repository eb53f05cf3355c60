import type { Event, Exception, StackFrame as SentryFrame } from '@sentry/core';
import type { ErrorEvent, ExceptionRecord, StackFrame } from '../capture/capture-types';
import { serviceFields } from './service-fields';

/**
 * An error as Sentry takes it.
 *
 * @see https://develop.sentry.dev/sdk/data-model/event-payloads/
 */
export function sentryEvent(event: ErrorEvent): Event {
  const { deployment } = event.service;
  return {
    event_id: event.id,
    timestamp: event.atMs / 1_000,
    platform: event.kind === 'browser' ? 'javascript' : 'node',
    level: event.level,
    ...serviceFields(event.service),
    ...(event.route !== undefined && { transaction: event.route }),
    ...(event.userId !== undefined && { user: { id: event.userId } }),
    ...(event.fingerprint && { fingerprint: [...event.fingerprint] }),
    // "The outermost exception last": https://develop.sentry.dev/sdk/data-model/event-payloads/exception/
    exception: { values: event.exceptions.map((one) => exceptionOf(one, event)).reverse() },
    contexts: {
      runtime: { name: 'node', version: process.versions.node },
      ...(event.traceId !== undefined && { trace: traceContext(event.traceId, event.spanId) }),
      ...(deployment && { deployment: { ...deployment } }),
    },
    tags: {
      ...event.tags,
      ...tagsOf(event),
    },
    extra: { ...event.extra },
  };
}

function tagsOf({ kind, route, requestId, tenantId, plan, service }: ErrorEvent): Record<string, string> {
  const { name, deployment } = service;
  const tags = {
    kind,
    service: name,
    route,
    requestId,
    tenant: tenantId,
    plan,
    deployment: deployment?.id,
    commit: deployment?.commit,
  };
  return Object.fromEntries(
    Object.entries(tags).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function exceptionOf(
  { type, message, code, frames, relation }: ExceptionRecord,
  event: ErrorEvent,
): Exception {
  const isThrown = relation === 'thrown';
  return {
    type,
    value: message,
    mechanism: {
      type: isThrown ? `unite.${event.kind}` : 'chained',
      handled: event.isHandled,
      ...(!isThrown && { source: relation === 'cause' ? 'cause' : 'errors' }),
      ...(code !== undefined && { data: { code } }),
    },
    ...(frames.length > 0 && { stacktrace: { frames: frames.map(frameOf).reverse() } }),
  };
}

function frameOf({ function: name, file, line, column, isInApp, source }: StackFrame): SentryFrame {
  return {
    filename: file,
    abs_path: file,
    ...(name !== undefined && { function: name }),
    lineno: line,
    colno: column,
    in_app: isInApp,
    ...(source && {
      pre_context: [...source.before],
      context_line: source.line,
      post_context: [...source.after],
    }),
  };
}

/** Sentry takes no trace without a span: where none is known, one that no span has stands for it. */
function traceContext(traceId: string, spanId = traceId.slice(16)): { trace_id: string; span_id: string } {
  return { trace_id: traceId, span_id: spanId };
}
