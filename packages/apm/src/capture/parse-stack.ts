import { fileURLToPath } from 'node:url';
import type { StackFrame } from './capture-types';
import { cutText } from './cut-text';
import { isInApp } from './is-in-app';

/** What is looked at of a stack, in UTF-16 units: a hostile one is as long as its author likes. */
const maxStackLength = 65_536;
const maxLineLength = 1_024;
const maxFunctionLength = 256;
const maxFrames = 100;

/**
 * The frames of a stack, innermost call first, 100 at most: as V8 writes them (Node.js, Chromium), else as Firefox and
 * Safari do. Takes time in proportion to its first 64 kB, whatever it holds.
 *
 * @param message of the error: what it says is not taken for frames
 * @see https://v8.dev/docs/stack-trace-api
 */
export function parseStack(stack: string, message = ''): readonly StackFrame[] {
  const lines = linesOf(stack, message);
  const frames = framesOf(lines, parseV8Line);
  return frames.length > 0 ? frames : framesOf(lines, parseGeckoLine);
}

function linesOf(stack: string, message: string): readonly string[] {
  const at = message === '' ? -1 : stack.indexOf(message);
  const afterMessage = at < 0 ? 0 : at + message.length;
  // Where the message was changed later, all before the first frame is skipped.
  const firstFrame = /^\s{0,8}at /.test(stack) ? 0 : stack.indexOf('\n    at ', afterMessage);
  const start = Math.max(afterMessage, firstFrame);
  return stack.slice(start, start + maxStackLength).split('\n');
}

function framesOf(
  lines: readonly string[],
  parse: (line: string) => StackFrame | undefined,
): readonly StackFrame[] {
  const frames: StackFrame[] = [];
  for (const line of lines) {
    const frame = line.length <= maxLineLength ? parse(line.trim()) : undefined;
    if (frame) frames.push(frame);
    if (frames.length === maxFrames) break;
  }
  return frames;
}

/** `at async Store.load [as read] (file:///app/store.js:1:2)`, `at /app/store.js:1:2`. */
function parseV8Line(line: string): StackFrame | undefined {
  if (!line.startsWith('at ')) return undefined;
  const call = line.slice(3);
  const open = call.endsWith(')') ? call.indexOf(' (') : -1;
  const place = open < 0 ? call.replace(/^async /, '') : call.slice(open + 2, -1);
  const name = open < 0 ? undefined : call.slice(0, open).replace(/^async /, '');
  return frameAt(placeOfEval(place), name?.replace(/ \[as [^\]]{0,256}\]$/, ''));
}

/** `eval at run (/app/rules.js:1:2), <anonymous>:3:4` is at the outermost `eval`, which is in a file. */
function placeOfEval(place: string): string {
  if (!place.startsWith('eval at ')) return place;
  const open = place.lastIndexOf(' (');
  const close = place.indexOf(')', open);
  return open < 0 || close < 0 ? place : place.slice(open + 2, close);
}

/** `load@https://example.com/app.js:1:2`, `@https://…`, `async*load@…`, `global code@…`, `load@[native code]`. */
function parseGeckoLine(line: string): StackFrame | undefined {
  const at = line.indexOf('@');
  if (at < 0) return undefined;
  const place = line.slice(at + 1).replace(/ line (\d{1,9}) > (?:eval|Function).{0,256}$/, ':$1');
  // Any other text may hold an @, too.
  if (!/:\d{1,9}$/.test(place) && place !== '[native code]') return undefined;
  return frameAt(place, line.slice(0, at).replace(/^async\*/, ''));
}

function frameAt(place: string, name: string | undefined): StackFrame | undefined {
  const [all, line, column] = /:(\d{1,9})(?::(\d{1,9}))?$/.exec(place) ?? [];
  const file = pathOf(all === undefined ? place : place.slice(0, -all.length));
  if (file === '') return undefined;
  return {
    function: name ? cutText(name, maxFunctionLength) : undefined,
    file,
    line: Number(line ?? 0),
    column: Number(column ?? 0),
    isInApp: line !== undefined && isInApp(file),
  };
}

function pathOf(file: string): string {
  if (!file.startsWith('file://')) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return file;
  }
}
