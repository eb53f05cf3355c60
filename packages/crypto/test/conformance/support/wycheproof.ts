/** A file of C2SP Wycheproof. */
export interface Wycheproof<Group> {
  readonly numberOfTests: number;
  readonly testGroups: readonly Group[];
}

/** What every test says. */
export interface WycheproofTest {
  readonly tcId: number;
  readonly comment: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

/** How many cases there were, and what became of them. */
export interface Tally {
  readonly run: number;
  readonly passed: number;
  readonly notApplicable: number;
  /** The ids of those that failed. */
  readonly failed: readonly number[];
}

/**
 * Runs the cases of the groups that apply.
 *
 * @param check whether a case came out as it should
 */
export function runCases<Group extends { readonly tests: readonly WycheproofTest[] }>(
  { testGroups }: Wycheproof<Group>,
  applies: (group: Group) => boolean,
  check: (test: Group['tests'][number], group: Group) => boolean,
): Tally {
  const groups = testGroups.filter(applies);
  const outcomes = groups.flatMap((group) =>
    group.tests.map((test) => ({ id: test.tcId, passed: check(test, group) })),
  );
  return {
    run: outcomes.length,
    passed: outcomes.filter(({ passed }) => passed).length,
    notApplicable: testGroups.reduce((sum, { tests }) => sum + tests.length, 0) - outcomes.length,
    failed: outcomes.filter(({ passed }) => !passed).map(({ id }) => id),
  };
}

export function fromHex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}
