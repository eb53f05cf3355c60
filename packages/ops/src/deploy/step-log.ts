import type { DeployStep } from './deploy-types';
import { reasonOf } from './reason-of';

/** What is done, and how long it took. */
export class StepLog {
  readonly #startedMs = performance.now();
  readonly #steps: DeployStep[] = [];
  readonly #onProgress: ((text: string) => void) | undefined;

  constructor(onProgress: ((text: string) => void) | undefined) {
    this.#onProgress = onProgress;
  }

  get steps(): readonly DeployStep[] {
    return this.#steps;
  }

  /** From the beginning, in milliseconds. */
  elapsedMs(): number {
    return Math.round(performance.now() - this.#startedMs);
  }

  note(text: string): void {
    this.#onProgress?.(text);
  }

  /** Does one step, and notes what it says or why it failed. */
  async run(name: string, work: () => Promise<string>): Promise<void> {
    const atMs = this.elapsedMs();
    const ended = (outcome: DeployStep['outcome'], detail: string): void => {
      this.#steps.push({ name, atMs, durationMs: this.elapsedMs() - atMs, outcome, detail });
      this.note(`${name}: ${detail}`);
    };
    try {
      ended('done', await work());
    } catch (error) {
      ended('failed', reasonOf(error));
      throw error;
    }
  }
}
