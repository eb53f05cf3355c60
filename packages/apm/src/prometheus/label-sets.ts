/** The labels of one series, as prom-client takes them. */
export type LabelSet = Readonly<Record<string, string>>;

interface Branch {
  readonly next: Map<string, Branch>;
  labels?: LabelSet | undefined;
}

/**
 * Finds the one object of a series by the values of its labels, one map a label: nothing is allocated for a series that
 * exists, and no text is put together that two series could share. Series are bounded before they get here.
 */
export function createLabelSets(names: readonly string[]): (values: readonly string[]) => LabelSet {
  const root: Branch = { next: new Map() };
  return (values) => {
    let branch = root;
    for (const value of values) {
      let next = branch.next.get(value);
      if (!next) {
        next = { next: new Map() };
        branch.next.set(value, next);
      }
      branch = next;
    }
    branch.labels ??= Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
    return branch.labels;
  };
}
