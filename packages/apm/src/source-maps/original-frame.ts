import { originalPositionFor, sourceContentFor, type TraceMap } from '@jridgewell/trace-mapping';
import type { StackFrame } from '../capture/capture-types';
import { cutText } from '../capture/cut-text';
import { isInApp } from '../capture/is-in-app';

const contextLines = 5;
const maxLineLength = 300;

/** A frame at its original place; the same where the map does not know it. */
export function originalFrame(frame: StackFrame, map: TraceMap): StackFrame {
  // Stacks count columns from 1, maps from 0.
  const { source, line, column } = originalPositionFor(map, {
    line: frame.line,
    column: Math.max(frame.column - 1, 0),
  });
  if (source === null) return frame;
  const file = readablePath(source);
  const around = linesAround(sourceContentFor(map, source), line);
  return {
    function: frame.function,
    file,
    line,
    column: column + 1,
    isInApp: isInApp(file),
    ...(around && { source: around }),
  };
}

/** `turbopack:///[project]/app/page.tsx` and `webpack://_N_E/./app/page.tsx` are `app/page.tsx`. */
function readablePath(source: string): string {
  return source
    .replace(/^turbopack:\/\/\/?(?:\[project\]\/)?/, '')
    .replace(/^webpack:\/\/[^/]{0,100}\/(?:\.\/)?/, '')
    .replace(/^file:\/\/(?=\/)/, '');
}

function linesAround(content: string | null, line: number): StackFrame['source'] {
  if (content === null) return undefined;
  const lines = content
    .split('\n', line + contextLines)
    .map((text) => cutText(text.replace(/\r$/, ''), maxLineLength));
  const itself = lines[line - 1];
  if (itself === undefined) return undefined;
  return {
    before: lines.slice(Math.max(line - 1 - contextLines, 0), line - 1),
    line: itself,
    after: lines.slice(line),
  };
}
