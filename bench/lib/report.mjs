import { writeFileSync } from 'node:fs';
import { table } from './table.mjs';

/**
 * What a bench shows, printed as it goes and kept for docs/benchmarks.md: `npm run bench` names a file for it in
 * UNITE_BENCH_REPORT.
 *
 * @typedef {'ours' | 'peer' | 'limit'} Role `limit` is the bare operation, which nobody can beat
 * @typedef {{ name: string, role: Role, median: number, least: number, most: number }} Bar
 * @typedef {{ x: number, median: number, least: number, most: number }} Point
 * @typedef {{ text: string, holds: boolean, figure?: string, isOfMachine?: boolean, whyMissed?: string }} Claim
 */
export class Report {
  #sections = [];
  #claims = [];

  /** @param {{ title: string, subject: string, about: string }} of `subject` is a package or `stack` */
  constructor({ title, subject, about }) {
    this.title = title;
    this.subject = subject;
    this.about = about;
    this.quick = process.argv.includes('--quick');
  }

  /** @param {string} title @param {readonly string[]} head @param {readonly (readonly (string | number)[])[]} rows */
  table(title, head, rows) {
    this.#sections.push({ kind: 'table', title, head, rows });
    console.log(`\n${title}\n\n${table(head, rows)}\n`);
  }

  /** A picture of medians with their range. @param {{ title: string, unit: string, isLog?: boolean, bars: Bar[] }} chart */
  bars(chart) {
    this.#sections.push({ kind: 'bars', ...chart });
  }

  /**
   * A picture of how cost grows with work, both axes logarithmic where `isLog`.
   *
   * @param {{ title: string, x: string, y: string, isLog?: boolean, series: { name: string, role: Role, points: Point[] }[] }} chart
   */
  curve(chart) {
    this.#sections.push({ kind: 'curve', ...chart });
  }

  /** @param {string} text */
  note(text) {
    this.#sections.push({ kind: 'note', text });
    console.log(`${text}\n`);
  }

  /**
   * What the docs claim. In the short form, what depends on how busy the machine is (`isOfMachine`) fails nothing.
   *
   * @param {string} text @param {boolean} holds @param {Omit<Claim, 'text' | 'holds'>} [more]
   */
  claim(text, holds, more = {}) {
    this.#claims.push({ text, holds, ...more });
  }

  /** Says of each claim whether it holds, and makes the process fail where one does not. */
  end() {
    for (const { text, holds, figure, whyMissed } of this.#claims) {
      const verdict = holds ? 'holds' : 'DOES NOT HOLD';
      console.log(
        `${verdict}: ${text}${figure ? ` (${figure})` : ''}${!holds && whyMissed ? `: ${whyMissed}` : ''}`,
      );
    }
    const { title, subject, about, quick } = this;
    const kept = { title, subject, about, quick, sections: this.#sections, claims: this.#claims };
    const file = process.env.UNITE_BENCH_REPORT;
    if (file) writeFileSync(file, JSON.stringify(kept, undefined, 2));
    const decisive = this.#claims.filter(({ isOfMachine }) => !(quick && isOfMachine));
    if (!decisive.every(({ holds }) => holds)) process.exitCode = 1;
  }
}
