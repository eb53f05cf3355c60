/** One check of docs/operations. */
export interface OperationsCheck {
  /** As its line names it. */
  readonly name: string;
  /** What it is checked with. */
  readonly by: string;
  /** @returns what is wrong, in lines; none where all is right. `skipped: …` alone where it cannot be told here */
  run(operations: string): Promise<readonly string[]>;
}
