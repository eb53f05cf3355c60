import { expects, optionChecks } from '@unite/shared';
import { checkMembers } from '../config/check-members';
import type { ScoreRow } from './drill-types';

/** Worst last. */
const outcomes = ['kept', 'not-measurable', 'missed'] as const satisfies readonly ScoreRow['outcome'][];

/** More would be a drill that counts instead of measuring. */
const mostRows = 200;

/** The rows of one drill: each promise once, as its worst measurement says. */
export class ScoreBook {
  readonly #rows = new Map<string, ScoreRow>();
  #isClosed = false;

  /** What comes after the end is not taken: the card may have been printed. @throws TypeError for what is no row */
  add(row: ScoreRow): void {
    checkRow(row);
    if (this.#isClosed) return;
    const { promise, measured, outcome, figures } = row;
    const known = this.#rows.get(promise);
    if (known && outcomes.indexOf(known.outcome) >= outcomes.indexOf(outcome)) return;
    if (!known && this.#rows.size >= mostRows) {
      throw new TypeError(`score: a drill may score at most ${mostRows} promises`);
    }
    this.#rows.set(promise, { promise, measured, outcome, ...(figures && { figures: { ...figures } }) });
  }

  /** What the run itself found; beyond the limit, too. A second reason is told beside the first. */
  miss(promise: string, reason: string): void {
    const before = this.#rows.get(promise);
    const measured = before?.outcome === 'missed' ? `${before.measured}; ${reason}` : reason;
    this.#rows.set(promise, { promise, measured, outcome: 'missed' });
  }

  /** A drill that scores nothing has proved nothing, and that is a missed promise. */
  close({ mayBeEmpty }: { readonly mayBeEmpty: boolean }): readonly ScoreRow[] {
    if (this.#rows.size === 0 && !mayBeEmpty) this.miss('measures something', 'measured nothing');
    this.#isClosed = true;
    return [...this.#rows.values()];
  }
}

const { string, object } = optionChecks;
const outcome = expects('"kept", "missed" or "not-measurable"', (value) =>
  outcomes.some((known) => known === value),
);
const figure = expects(
  'a number, a text or a boolean',
  (value) => Number.isFinite(value) || typeof value === 'string' || typeof value === 'boolean',
);

function checkRow(row: ScoreRow): void {
  checkMembers('score: row', row, {
    checks: { promise: string, measured: string, outcome, figures: object },
    required: ['promise', 'measured', 'outcome'],
  });
  const names = Object.keys(row.figures ?? {});
  checkMembers('score: row.figures', row.figures ?? {}, {
    checks: Object.fromEntries(names.map((name) => [name, figure])),
  });
}
