import type { Clock } from '@unite/core';
import { errorLine } from '../describe-error';
import { checkLocalTargets } from './check-local-targets';
import type { Drill, ScoreRow } from './drill-types';
import { endOf } from './end-of';
import { ScoreBook } from './score-book';
import type { RunDrillsOptions } from './scorecard-types';
import { UndoStack } from './undo-stack';

const defaultTimeoutMs = 120_000;
const defaultUndoTimeoutMs = 60_000;

/** How long a drill that was told to end may take to do so, in milliseconds. */
const graceMs = 10_000;

/** What a drill came to. */
export interface Drilled {
  readonly rows: readonly ScoreRow[];
  /** Why nothing may be begun after it. */
  readonly unsafe: string | undefined;
}

/** Runs one drill and undoes what it broke. Never rejects. */
export async function runDrill(drill: Drill, options: RunDrillsOptions, clock: Clock): Promise<Drilled> {
  const { timeoutMs = defaultTimeoutMs } = drill;
  const { signal, undoTimeoutMs = defaultUndoTimeoutMs } = options;
  const say = (text: string, isAlarm = false) => tell(options, drill, text, isAlarm);
  const book = new ScoreBook();
  const undoing = new UndoStack({ timeoutMs: undoTimeoutMs, clock, say });
  const told = new AbortController();
  let lastNote: string | undefined;
  say(drill.about);
  const work = workOf(drill, options, {
    signal: told.signal,
    note(text) {
      lastNote = String(text);
      say(lastNote);
    },
    score: (row) => book.add(row),
    undo: (step) => undoing.push(step),
  });
  const first = await endOf(work, timeoutMs, clock, signal);
  if (first.end !== 'done') {
    told.abort(first.end === 'time-out' ? new Error('the time of the drill is up') : signal?.reason);
  }
  const last = first.end === 'done' ? first : await endOf(work, graceMs, clock);
  if (last.end === 'done' && last.error !== undefined && first.end === 'done') {
    book.miss('runs to its end', last.error);
  }
  if (first.end === 'time-out') book.miss('runs to its end', notWithin(timeoutMs, lastNote));
  const failures = await undoing.undoAll();
  for (const failure of failures) book.miss('undoes what it broke', failure);
  const rows = book.close({ mayBeEmpty: first.end === 'interrupt' });
  const unsafe = last.end === 'done' ? failures[0] : 'it goes on although it was told to end';
  if (unsafe !== undefined) say(`NOT UNDONE: ${unsafe}`, true);
  return { rows, unsafe: unsafe === undefined ? undefined : `${drill.name}: ${unsafe}` };
}

/** Its end, with what it threw in words. A name may have come to mean another machine since the first look. */
async function workOf(
  drill: Drill,
  options: RunDrillsOptions,
  run: Parameters<Drill['run']>[0],
): Promise<string | undefined> {
  try {
    await checkLocalTargets(drill, options);
    await drill.run(run);
    return undefined;
  } catch (error) {
    return errorLine(error);
  }
}

function notWithin(timeoutMs: number, lastNote: string | undefined): string {
  const said = lastNote === undefined ? '' : `; the last it said: ${lastNote}`;
  return `did not end within ${timeoutMs.toLocaleString('en')} ms${said}`;
}

function tell({ onProgress }: RunDrillsOptions, { name }: Drill, text: string, isAlarm: boolean): void {
  try {
    onProgress?.({ drill: name, text, isAlarm });
  } catch {
    // Whoever listens must not keep a fault from being undone.
  }
}
