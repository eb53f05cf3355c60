import { randomUUID } from 'node:crypto';
import type { Clock, ContextSource, Redact, UniteContext } from '@unite/core';
import { controlFlowStatus, warnOnce } from '@unite/shared';
import type { Service } from '../sink-types';
import type { SourceMaps } from '../source-maps/source-map-types';
import type { IntegrityReport } from '../types';
import { activeSpan } from './active-span';
import { asError } from './as-error';
import { boundedJson } from './bounded-json';
import type { CaptureOptions, ErrorEvent, ErrorKind, StackFrame } from './capture-types';
import { capturedErrors } from './captured-errors';
import { cutText } from './cut-text';
import { describeException } from './describe-exception';
import { errorChain } from './error-chain';
import { type ReadOptions, readCaptureOptions } from './read-capture-options';

/** What `createErrorCapture` is made with. */
export interface ErrorCaptureOptions {
  readonly service: Service;
  readonly redact: Redact;
  readonly clock: Clock;
  readonly context: ContextSource;
  /** Hands an event to the sinks. */
  readonly deliver: (event: ErrorEvent) => void;
  /** Stand on every event. @default none */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Whether it is not to be sent. @default never */
  readonly ignores?: ((event: ErrorEvent) => boolean) | undefined;
  /** Whether the budget of the day has room for it. @default always */
  readonly mayDeliver?: ((event: ErrorEvent) => boolean) | undefined;
  /** @default none */
  readonly sourceMaps?: SourceMaps | undefined;
}

/** What the parts of a set-up hand errors to. */
export interface ErrorCapture {
  /** @returns id of the event, that of the first time for a repeated one; `undefined` where it was refused */
  capture(error: unknown, options?: CaptureOptions): string | undefined;
  /** Id of the last one of the request that is being served. */
  eventId(): string | undefined;
  counts(): IntegrityReport['errors'];
}

const maxTags = 50;
const maxTagKeyLength = 64;
const maxTagLength = 200;
const maxFingerprints = 10;

/**
 * Makes events of whatever is thrown, once for each failure, redacted and bounded. What Next.js throws to steer itself is
 * no error. Never throws.
 */
export function createErrorCapture(options: ErrorCaptureOptions): ErrorCapture {
  const captured: Record<ErrorKind, number> = {
    request: 0,
    captured: 0,
    'uncaught-exception': 0,
    'unhandled-rejection': 0,
    worker: 0,
    'child-process': 0,
    shutdown: 0,
    browser: 0,
    'lost-run': 0,
  };
  let repeated = 0;
  let ignored = 0;
  let overBudget = 0;

  return {
    capture(error, captureOptions) {
      try {
        return isControlFlow(error) ? undefined : capture(error, readCaptureOptions(captureOptions));
      } catch {
        warnOnce('UNITE_APM_CAPTURE_FAILED', 'An error could not be captured: what it was given threw');
        return undefined;
      }
    },
    eventId: () => capturedErrors.last(currentContext()),
    counts: () => ({ captured: { ...captured }, repeated, ignored, overBudget }),
  };

  function capture(error: unknown, given: ReadOptions): string | undefined {
    const context = currentContext();
    const before = capturedErrors.find(error, context);
    if (before) {
      repeated += 1;
      capturedErrors.setLast(context, before.id);
      return before.id;
    }
    const event = describe(error, given, context);
    if (options.ignores?.(event)) {
      ignored += 1;
      capturedErrors.add(error, context, undefined);
      return undefined;
    }
    const isWithin = options.mayDeliver?.(event) ?? true;
    const id = isWithin ? event.id : undefined;
    capturedErrors.add(error, context, id);
    if (!isWithin) {
      overBudget += 1;
      return undefined;
    }
    captured[event.kind] += 1;
    capturedErrors.setLast(context, id);
    options.deliver(event);
    return id;
  }

  function describe(error: unknown, given: ReadOptions, context: UniteContext | undefined): ErrorEvent {
    const { kind, level, isHandled } = given;
    const texts = { redact: options.redact, resolve: (frame: StackFrame) => resolve(frame, kind) };
    const [thrown, ...others] = errorChain(error);
    return {
      id: randomUUID().replaceAll('-', ''),
      atMs: options.clock.wallMs(),
      kind,
      level,
      isHandled,
      exceptions: [describeException(thrown, texts), ...others.map((link) => describeException(link, texts))],
      fingerprint: given.fingerprint
        ?.slice(0, maxFingerprints)
        .map((part) => redacted('fingerprint', part) ?? '[removed]'),
      service: options.service,
      route: redacted('route', given.route ?? context?.route),
      requestId: redacted('request.id', context?.requestId),
      tenantId: redacted('tenant.id', context?.tenantId),
      userId: redacted('user.id', context?.userId),
      plan: redacted('plan', context?.plan),
      ...traceOf(context),
      tags: tagsOf({ ...options.tags, ...given.tags }),
      extra: boundedJson(extraOf(error, given.extra), 'extra', options.redact),
    };
  }

  /** What a page says of files of this machine is not looked up. */
  function resolve(frame: StackFrame, kind: ErrorKind): StackFrame {
    if (!options.sourceMaps || (kind === 'browser' && !/^https?:\/\//.test(frame.file))) return frame;
    try {
      return options.sourceMaps.resolve(frame);
    } catch {
      warnOnce('UNITE_APM_SOURCE_MAPS_FAILED', 'The option "sourceMaps" threw: stacks stay as they are');
      return frame;
    }
  }

  function tagsOf(tags: Readonly<Record<string, string>>): Record<string, string> {
    const entries = Object.entries(tags).slice(0, maxTags);
    return Object.fromEntries(
      entries.flatMap(([key, value]) => {
        const name = cutText(key, maxTagKeyLength);
        const text = redacted(`tags.${name}`, value);
        return text === undefined ? [] : [[name, text]];
      }),
    );
  }

  function redacted(key: string, text: unknown): string | undefined {
    return text === undefined ? undefined : options.redact(key, cutText(String(text), maxTagLength));
  }

  function currentContext(): UniteContext | undefined {
    try {
      return options.context();
    } catch {
      warnOnce('UNITE_APM_CONTEXT_FAILED', 'The option "context" threw: errors are captured without it');
      return undefined;
    }
  }
}

function isControlFlow(error: unknown): boolean {
  try {
    return controlFlowStatus(error) !== undefined;
  } catch {
    return false;
  }
}

function traceOf(context: UniteContext | undefined): Pick<ErrorEvent, 'traceId' | 'spanId'> {
  const span = activeSpan();
  const traceId = context?.traceId ?? span?.traceId;
  return { traceId, spanId: span?.traceId === traceId ? span?.spanId : undefined };
}

/** What was thrown and is no error has nothing but its content. */
function extraOf(
  error: unknown,
  extra: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return isPlainObject(error) ? { ...extra, thrown: error } : extra;
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !asError(value);
}
