import { basename } from 'node:path';
import TestRunner from 'jest-runner';

/**
 * Runs the files of one row one after another, the rows beside each other, and after them whatever is in no row, alone.
 * Each row has a process of its own, so `maxWorkers` has to be 1.
 */
export default class RowsRunner extends TestRunner {
  #rows;

  /** @param {{ rows: readonly (readonly string[])[] }} options names of files, without `.test.ts` */
  constructor(globalConfig, context, { rows }) {
    super(globalConfig, context);
    this.#rows = rows;
  }

  async runTests(tests, watcher, options) {
    const inRows = this.#rows.map((names) =>
      names.flatMap((name) => tests.filter(({ path }) => basename(path, '.test.ts') === name)),
    );
    const alone = tests.filter((test) => !inRows.flat().includes(test));
    const run = (row) => super.runTests(row, watcher, { ...options, serial: false });
    await Promise.all(inRows.filter((row) => row.length > 0).map(run));
    if (!watcher.isInterrupted()) await super.runTests(alone, watcher, options);
  }
}
