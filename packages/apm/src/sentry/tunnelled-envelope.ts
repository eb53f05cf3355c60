import { createEnvelope, type Envelope, type EventEnvelope } from '@sentry/core';
import type { Redact } from '@unite/core';
import type { SourceMaps } from '../source-maps/source-map-types';
import { bytesOf } from './bytes-of';
import type { EnvelopeCategory, QueuedEnvelope } from './envelope-queue';
import { randomId } from './random-id';
import { redactTree } from './redact-tree';
import { resolveFrames } from './resolve-frames';

/** What a page may send, and what its receiver limits it as. */
const categories = new Map<unknown, EnvelopeCategory>([
  ['event', 'error'],
  ['feedback', 'feedback'],
  ['session', 'session'],
  ['sessions', 'session'],
  ['replay_event', 'replay'],
  ['replay_recording', 'replay'],
]);

/** More than any page sends at a time. */
const maxItems = 10;

type Item = readonly [{ readonly type?: unknown }, unknown];

/** An envelope of a page as it is sent on: rebuilt of what is known, its stacks resolved, its texts redacted. */
export function tunnelledEnvelope(
  [header, items]: Envelope,
  redact: Redact,
  sourceMaps: SourceMaps | undefined,
): QueuedEnvelope | 'nothing' | 'malformed' {
  const known = (items as readonly Item[]).filter(([head]) => categories.has(Object(head).type));
  const [first] = known;
  if (!first) return 'nothing';
  if (known.length > maxItems) return 'malformed';
  const clean: Item[] = [];
  for (const [{ type }, payload] of known) {
    if (payload instanceof Uint8Array && type === 'replay_recording') {
      clean.push([{ type, ...{ length: payload.byteLength } }, payload]);
      continue;
    }
    const json = jsonOf(payload);
    if (!json) return 'malformed';
    resolveFrames(json, sourceMaps);
    clean.push([{ type }, redactTree(json, redact)]);
  }
  const id = idOf(header.event_id);
  const envelope = createEnvelope<EventEnvelope>(
    { event_id: id, sent_at: new Date().toISOString(), ...traceOf(header.trace) },
    clean as unknown as EventEnvelope[1],
  );
  const category = categories.get(first[0].type) ?? 'error';
  return { id, category, isUrgent: false, build: () => bytesOf(envelope) };
}

/** Items that tell their length come as bytes. */
function jsonOf(payload: unknown): object | undefined {
  try {
    const isBytes = payload instanceof Uint8Array;
    const value: unknown = isBytes ? JSON.parse(Buffer.from(payload).toString()) : payload;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function idOf(id: unknown): string {
  return typeof id === 'string' && /^[\da-f]{32}$/.test(id) ? id : randomId();
}

function traceOf(trace: unknown): { trace?: Record<string, string> } {
  if (typeof trace !== 'object' || trace === null) return {};
  const texts = Object.entries(trace).filter(([, text]) => typeof text === 'string' && text.length <= 200);
  return { trace: Object.fromEntries(texts.slice(0, 20)) };
}
