import { medianOf } from '../lib/rounds.mjs';
import { short } from '../lib/table.mjs';
import { exponentOf } from './exponent.mjs';
import { measuredCosts } from './measured-costs.mjs';

/** What is called linear: the cost of one does not grow. */
const bar = 1.1;
/** For the upper half alone, whose few points lie close together. */
const upperBar = 1.25;

/**
 * One axis: the same operation on more and more work, with the bare operation beside it where there is one.
 *
 * @typedef {{ x: number, run: (calls: number) => unknown }} Point
 * @typedef {object} AxisOptions
 * @property {string} name of a package, and what grows: `cache: keys in memory`
 * @property {string} operation what is called: `a hit`
 * @property {'size' | 'population'} x whether one operation does so much work, or is one of so many
 * @property {readonly Point[]} points
 * @property {{ name: string, points: readonly Point[] }} [limit]
 * @property {readonly { cpuUs(): Promise<number> }[]} [servers] whose time of the processor counts too
 * @property {boolean} [isOfMachine] so close to the bar that a busy machine decides. @default for a population, which lies at 1
 * @property {number} [roundMs]
 * @property {number} [calls] in each round, where time of the processor does not say how many
 * @property {string} [whyMissed]
 */

/** Measures axes, shows each in the report, and all of them in a table in the end. */
export class Axes {
  #summary = [];

  /** @param {import('../lib/report.mjs').Report} report @param {{ rounds: number, roundMs: number }} settings */
  constructor(report, settings) {
    this.report = report;
    this.settings = settings;
  }

  /** @param {AxisOptions} options */
  async measure({
    name,
    operation,
    x,
    points,
    limit,
    servers = [],
    isOfMachine = x === 'population',
    roundMs,
    calls,
    whyMissed,
  }) {
    const all = Object.fromEntries([
      ...points.map((point) => [point.x, point.run]),
      ...(limit?.points ?? []).map((point) => [`limit ${point.x}`, point.run]),
    ]);
    const { rounds } = this.settings;
    const settings = { rounds, roundMs: roundMs ?? this.settings.roundMs, calls, servers };
    const samples = await measuredCosts(all, settings);
    const works = points.map((point) => point.x);
    const ours = works.map((work) => samples[work]);
    const limits = limit && works.map((work) => samples[`limit ${work}`]);
    this.#show({ name, operation, x, works, ours, limit: limit && { name: limit.name, samples: limits } });

    const fit = exponentOf(works, totalsOf(ours, works, x));
    const limitFit = limits && exponentOf(works, totalsOf(limits, works, x));
    // Where the processor's own memories are too small, nothing is linear, nor what is bare.
    const most = {
      whole: Math.max(bar, limitFit?.whole.median ?? 0),
      upper: Math.max(upperBar, limitFit?.upper.median ?? 0),
    };
    this.report.claim(
      `${name}: no worse than linear${limit ? `, or than ${limit.name}` : ''}, over ${spanOf(works)} (bar ${bar})`,
      fit.whole.median <= most.whole && fit.upper.median <= most.upper,
      {
        figure: `exponent ${fit.whole.median.toFixed(2)}, upper half ${fit.upper.median.toFixed(2)}`,
        isTimed: true,
        ...(isOfMachine && { isOfMachine }),
        ...(whyMissed && { whyMissed }),
      },
    );
    this.#summary.push([
      name,
      operation,
      spanOf(works),
      `${nanoseconds(medianOf(ours[0]))}–${nanoseconds(medianOf(ours.at(-1)))}`,
      rangeOf(fit.whole),
      rangeOf(fit.upper),
      limitFit ? `${limitFit.whole.median.toFixed(2)} (${limit.name})` : '',
    ]);
  }

  #show({ name, operation, x, works, ours, limit }) {
    const { report } = this;
    const head = [name, `${operation}, CPU, median`, 'range', ...(x === 'size' ? ['for each'] : [])];
    const rows = works.map((work, at) => {
      const median = medianOf(ours[at]);
      return [
        work.toLocaleString('en'),
        nanoseconds(median),
        `${nanoseconds(Math.min(...ours[at]))}–${nanoseconds(Math.max(...ours[at]))}`,
        ...(x === 'size' ? [nanoseconds(median / work)] : []),
        ...(limit ? [nanoseconds(medianOf(limit.samples[at]))] : []),
      ];
    });
    report.table(name, limit ? [...head, limit.name] : head, rows);
    report.curve({
      title: name,
      x: name.slice(name.indexOf(': ') + 2),
      y: `ns of CPU, ${operation}`,
      isLog: true,
      series: [
        { name: operation, role: 'ours', points: curvePoints(works, ours) },
        ...(limit ? [{ name: limit.name, role: 'limit', points: curvePoints(works, limit.samples) }] : []),
      ],
    });
  }

  /** All axes in one table. */
  end() {
    const head = ['Axis', 'operation', 'range', 'CPU', 'exponent', 'upper half', 'limit'];
    this.report.table('How the whole cost grows with work: 1 is linear', head, this.#summary);
    this.report.note(
      `Where there is a population, one of it costs what the axis shows and the whole as many times that: 1 says that its number does not matter. Each of a population is as likely as any other, so that from some thousands on none is in the processor's own memories: that is what grows there, for the bare structure too. A fitted exponent hides a cost that only begins to grow, so the upper half is judged by itself (bar ${upperBar}).`,
    );
  }
}

/** One of a population costs that much, so all of them cost as many times that. */
function totalsOf(samples, works, x) {
  return samples.map((rounds, at) => rounds.map((ns) => (x === 'population' ? ns * works[at] : ns)));
}

function curvePoints(works, samples) {
  return works.map((x, at) => ({
    x,
    median: medianOf(samples[at]),
    least: Math.min(...samples[at]),
    most: Math.max(...samples[at]),
  }));
}

const spanOf = (works) => `${works[0].toLocaleString('en')}–${works.at(-1).toLocaleString('en')}`;

function rangeOf({ median, least, most }) {
  return `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
}

function nanoseconds(ns) {
  if (ns < 10_000) return `${short(ns)} ns`;
  return ns < 10_000_000 ? `${short(ns / 1e3)} µs` : `${short(ns / 1e6)} ms`;
}
