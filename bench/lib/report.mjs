import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { table } from './table.mjs';

/**
 * What a bench shows, printed as it goes and kept for docs/benchmarks.md: `npm run bench` names a file for it in
 * UNITE_BENCH_REPORT.
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
    console.log(`${title}. Node ${process.version}, ${cpus().length} processors, load ${load()}`);
  }

  /** @param {string} title @param {readonly string[]} head @param {readonly (readonly (string | number)[])[]} rows */
  table(title, head, rows) {
    this.#sections.push({ kind: 'table', title, head, rows });
    console.log(`\n${title}\n\n${table(head, rows)}\n`);
  }

  /** A picture of medians with their range. @param {import('./report-types').BarsChart} chart */
  bars(chart) {
    const bars = chart.bars.filter(isMeasured);
    if (bars.length > 0) this.#sections.push({ kind: 'bars', ...chart, bars });
  }

  /**
   * A picture of how cost grows with work, both axes logarithmic where `isLog`.
   *
   * @param {import('./report-types').CurveChart} chart
   */
  curve(chart) {
    const measured = chart.series.map((one) => ({ ...one, points: one.points.filter(isMeasured) }));
    const series = measured.filter(({ points }) => points.length > 0);
    if (series.length > 0) this.#sections.push({ kind: 'curve', ...chart, series });
  }

  /** @param {string} text */
  note(text) {
    this.#sections.push({ kind: 'note', text });
    console.log(`${text}\n`);
  }

  /**
   * What the docs claim. In the short form, what depends on how busy the machine is (`isOfMachine`) fails nothing; and
   * what cannot be told from the noise (`voidBecause`) neither holds nor fails.
   *
   * @param {string} text @param {boolean} holds @param {Omit<import('./report-types').Claim, 'text' | 'holds'>} [more]
   */
  claim(text, holds, more = {}) {
    this.#claims.push({ text, holds, ...more });
  }

  /** Says of each claim whether it holds, and makes the process fail where one does not. */
  end() {
    console.log(`Load ${load()}\n`);
    for (const { text, holds, figure, whyMissed, voidBecause } of this.#claims) {
      const verdict = voidBecause ? 'VOID' : holds ? 'holds' : 'DOES NOT HOLD';
      const why = voidBecause ?? (holds ? undefined : whyMissed);
      console.log(`${verdict}: ${text}${figure ? ` (${figure})` : ''}${why ? `: ${why}` : ''}`);
    }
    const { title, subject, about, quick } = this;
    const missed = this.#claims.filter(
      ({ holds, isOfMachine, voidBecause }) => !holds && !voidBecause && !(quick && isOfMachine),
    );
    const shown = { title, subject, about, sections: this.#sections, claims: this.#claims };
    const file = process.env.UNITE_BENCH_REPORT;
    if (file) writeFileSync(file, JSON.stringify({ shown, missed }, undefined, 2));
    if (missed.length > 0) process.exitCode = 1;
  }
}

/** Where nothing was answered there is nothing to draw. */
function isMeasured({ median, least, most }) {
  return [median, least, most].every(Number.isFinite);
}

function load() {
  return loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');
}
