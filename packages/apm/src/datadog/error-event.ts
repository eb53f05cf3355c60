import type { ErrorEvent, StackFrame } from '../capture/capture-types';
import { hashOf } from './clean-name';
import type { EventText } from './event-line';
import type { SpanIds } from './join-dd-trace';
import { labelTags, serviceTags, tagList } from './service-tags';
import { datadogTraceFields } from './trace-fields';

const maxFrames = 8;

/** An error as an event. */
export function errorEvent(
  event: ErrorEvent,
  ids: Partial<SpanIds>,
  constantTags: Readonly<Record<string, string>> | undefined,
): EventText {
  const [{ type, message, frames }] = event.exceptions;
  const inApp = frames.filter((frame) => frame.isInApp);
  const fields = datadogTraceFields(ids.traceId, ids.spanId);
  return {
    title: `${type}: ${message}`,
    text: [
      `${type}: ${message}`,
      ...(inApp.length > 0 ? inApp : frames).slice(0, maxFrames).map(frameLine),
      `event ${event.id}, ${event.kind}${event.isHandled ? '' : ', unhandled'}`,
      ...(fields ? [`dd.trace_id=${fields['dd.trace_id']} dd.span_id=${fields['dd.span_id']}`] : []),
    ].join('\n'),
    atMs: event.atMs,
    alertType: event.level === 'warning' ? 'warning' : 'error',
    aggregationKey: hashOf(kindOf(event)),
    tags: [
      serviceTags(event.service, constantTags),
      tagList({
        error_type: type,
        kind: event.kind,
        level: event.level,
        route: event.route,
        tenant: event.tenantId,
        trace_id: ids.traceId,
        event_id: event.id,
      }),
      tagList(labelTags(event.tags)),
    ]
      .filter((tags) => tags !== '')
      .join(','),
  };
}

/** What errors of one kind have in common. */
export function kindOf({ fingerprint, exceptions: [{ type, code, frames }] }: ErrorEvent): string {
  if (fingerprint) return JSON.stringify(fingerprint);
  const place = frames.find((frame) => frame.isInApp) ?? frames[0];
  return JSON.stringify([type, code, place?.file, place?.function, place?.line]);
}

function frameLine({ function: name, file, line, column }: StackFrame): string {
  return `  at ${name ?? '<anonymous>'} (${file}:${line}:${column})`;
}
