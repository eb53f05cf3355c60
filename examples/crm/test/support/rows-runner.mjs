import { basename } from 'node:path';
import TestRunner from 'jest-runner';

/**
 * Runs the files of one row one after another, the rows of a phase beside each other, and one phase after the other. At
 * the end whatever is in none of them runs alone. Each row has a process of its own, so `maxWorkers` has to be 1.
 */
export default class RowsRunner extends TestRunner {
  #phases;

  /**
   * @param {{ phases: readonly (readonly (readonly string[])[])[] }} options names of files, without `.test.ts`, by row
   *   and phase
   */
  constructor(globalConfig, context, { phases }) {
    super(globalConfig, context);
    this.#phases = phases;
  }

  async runTests(tests, watcher, options) {
    const named = (names) =>
      names.flatMap((name) => tests.filter(({ path }) => basename(path, '.test.ts') === name));
    const phases = this.#phases.map((rows) => rows.map(named));
    const alone = tests.filter((test) => !phases.flat(2).includes(test));
    const run = (row) => super.runTests(row, watcher, { ...options, serial: false });
    for (const rows of phases) {
      if (!watcher.isInterrupted()) await Promise.all(rows.filter((row) => row.length > 0).map(run));
    }
    if (!watcher.isInterrupted()) await super.runTests(alone, watcher, options);
  }
}
