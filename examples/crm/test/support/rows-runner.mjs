import { basename } from 'node:path';
import TestRunner from 'jest-runner';

/**
 * Runs the files of one row one after another, the rows beside each other, and after them whatever is in no row, alone;
 * at the very end what leaves its servers changed. Each row has a process of its own, so `maxWorkers` has to be 1.
 */
export default class RowsRunner extends TestRunner {
  #rows;
  #last;

  /**
   * @param {{ rows: readonly (readonly string[])[], last: readonly string[] }} options names of files, without
   *   `.test.ts`
   */
  constructor(globalConfig, context, { rows, last }) {
    super(globalConfig, context);
    this.#rows = rows;
    this.#last = last;
  }

  async runTests(tests, watcher, options) {
    const named = (names) =>
      names.flatMap((name) => tests.filter(({ path }) => basename(path, '.test.ts') === name));
    const inRows = this.#rows.map(named);
    const last = named(this.#last);
    const alone = tests.filter((test) => !inRows.flat().includes(test) && !last.includes(test));
    const run = (row) => super.runTests(row, watcher, { ...options, serial: false });
    await Promise.all(inRows.filter((row) => row.length > 0).map(run));
    if (!watcher.isInterrupted()) await super.runTests([...alone, ...last], watcher, options);
  }
}
