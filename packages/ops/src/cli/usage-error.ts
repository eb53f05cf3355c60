/** The command line was used in a way that cannot work: exit code 2. */
export class UsageError extends Error {
  override get name(): string {
    return 'UsageError';
  }
}
