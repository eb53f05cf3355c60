import type { Clock } from '@unite/core';
import { errorLine } from '../describe-error';
import { endOf } from './end-of';

/** How faults are undone. */
export interface UndoOptions {
  /** For each step. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  say(text: string, isAlarm?: boolean): void;
}

type Step = () => Promise<unknown> | unknown;

/** What undoes the faults of one drill: the last fault first, each within its own time. */
export class UndoStack {
  readonly #options: UndoOptions;
  readonly #steps: Step[] = [];
  #isOver = false;

  constructor(options: UndoOptions) {
    this.#options = options;
  }

  /** A drill that goes on after its end may still break something: that is undone at once. */
  push(step: Step): void {
    if (typeof step !== 'function') throw new TypeError('undo: expects a function');
    this.#steps.push(step);
    if (this.#isOver) void this.undoAll();
  }

  /** Every step, whatever the others do. @returns what went wrong, in words */
  async undoAll(): Promise<readonly string[]> {
    const failures: string[] = [];
    this.#isOver = true;
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      const failure = await this.#undo(step);
      if (failure === undefined) continue;
      failures.push(failure);
      this.#options.say(`a fault was not undone: ${failure}`, true);
    }
    return failures;
  }

  async #undo(step: Step): Promise<string | undefined> {
    const { timeoutMs, clock } = this.#options;
    const { end, error } = await endOf(failureOf(step), timeoutMs, clock);
    return end === 'done' ? error : `undoing did not end within ${timeoutMs.toLocaleString('en')} ms`;
  }
}

async function failureOf(step: Step): Promise<string | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    return errorLine(error);
  }
}
