import type { SourceMaps } from '../source-maps/source-map-types';

/** Frames of one envelope that are resolved. */
const maxFrames = 250;

interface Frame {
  filename?: unknown;
  function?: unknown;
  lineno?: unknown;
  colno?: unknown;
  [name: string]: unknown;
}

/** Puts the original place into the frames of an event's exceptions, where it is known. */
export function resolveFrames(event: object, sourceMaps: SourceMaps | undefined): void {
  if (!sourceMaps) return;
  const { exception } = event as { exception?: { values?: unknown } };
  const frames = listOf(exception?.values).flatMap((one) => listOf(Object(Object(one).stacktrace).frames));
  for (const frame of frames.slice(0, maxFrames)) {
    if (typeof frame === 'object' && frame !== null) resolve(frame as Frame, sourceMaps);
  }
}

function resolve(frame: Frame, sourceMaps: SourceMaps): void {
  const { filename: file, lineno: line, colno: column, function: name } = frame;
  if (typeof file !== 'string' || typeof line !== 'number' || typeof column !== 'number') return;
  const given = { function: typeof name === 'string' ? name : undefined, file, line, column, isInApp: true };
  const found = sourceMaps.resolve(given);
  if (found === given) return;
  frame.filename = found.file;
  frame.abs_path = found.file;
  frame.lineno = found.line;
  frame.colno = found.column;
  frame.in_app = found.isInApp;
  if (found.function !== undefined) frame.function = found.function;
  if (!found.source) return;
  frame.pre_context = [...found.source.before];
  frame.context_line = found.source.line;
  frame.post_context = [...found.source.after];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
