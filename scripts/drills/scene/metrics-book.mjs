import { fetchWithin } from './fetch-within.mjs';
import { until } from './until.mjs';

/** How often each copy is asked, in milliseconds: what a copy counted after it was asked last is lost with it. */
const everyMs = 1_000;
const timeoutMs = 2_000;

/** Longer than a busy copy takes to tell, in milliseconds. */
const settleMs = 15_000;

/**
 * The counters of all copies together, through restarts: a copy that begins anew begins at nothing, and what the one
 * before had counted stays.
 *
 * @param {{ urls: readonly string[] }} options where each copy tells its metrics; one that does not answer is left out
 */
export function startMetricsBook({ urls }) {
  /** What each address said last. @type {Map<string, Map<string, number>>} */
  const last = new Map();
  /** @type {Map<string, number>} */
  const totals = new Map();
  /** Names of what has been seen, gauges too. @type {Set<string>} */
  const names = new Set();
  /** One at a time, or an older answer could be taken for a copy that began anew. @type {Promise<void> | undefined} */
  let asking;
  const ask = () => {
    asking ??= askAll().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  const timer = setInterval(() => void ask(), everyMs);

  async function askAll() {
    await Promise.all(
      urls.map(async (url) => {
        const text = await readText(url);
        if (text !== undefined) enter(url, parseMetrics(text));
      }),
    );
  }

  function enter(/** @type {string} */ url, /** @type {Map<string, number>} */ now) {
    const before = last.get(url) ?? new Map();
    for (const [series, value] of now) {
      names.add(nameOf(series));
      const known = before.get(series) ?? 0;
      totals.set(series, (totals.get(series) ?? 0) + (value >= known ? value - known : value));
    }
    last.set(url, now);
  }

  return {
    names,
    /** Asks every copy now. */
    async refresh() {
      await asking;
      await ask();
    },
    /**
     * Asks every copy until they have counted what they should, or for long enough.
     *
     * @param {() => boolean} isSo
     * @param {AbortSignal} signal
     */
    async until(isSo, signal) {
      const isCounted = async () => {
        await this.refresh();
        return isSo();
      };
      await until('the copies have counted', isCounted, { signal, timeoutMs: settleMs }).catch(() => {});
    },
    /**
     * The sum of a counter over all its series whose labels fit: `sum('cache_reads_total', { outcome: 'hit' })`.
     *
     * @param {string} name
     * @param {Record<string, string>} [labels]
     */
    sum(name, labels = {}) {
      let sum = 0;
      for (const [series, value] of totals) if (isOf(series, name, labels)) sum += value;
      return sum;
    },
    /**
     * A quantile of a histogram, as Prometheus has it: between the bounds of a bucket by a straight line.
     *
     * @param {string} name
     * @param {number} quantile
     */
    quantile(name, quantile) {
      /** @type {Map<number, number>} */
      const buckets = new Map();
      for (const [series, value] of totals) {
        if (!isOf(series, `${name}_bucket`, {})) continue;
        const bound = /le="([^"]+)"/.exec(series)?.[1] ?? '';
        const upTo = bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound);
        buckets.set(upTo, (buckets.get(upTo) ?? 0) + value);
      }
      return quantileOf(
        [...buckets].sort(([a], [b]) => a - b),
        quantile,
      );
    },
    close: () => clearInterval(timer),
  };
}

/** @typedef {ReturnType<typeof startMetricsBook>} MetricsBook */

/**
 * @param {readonly (readonly [number, number])[]} buckets each with its bound, and how many lie below it
 * @param {number} quantile
 */
function quantileOf(buckets, quantile) {
  const count = buckets.at(-1)?.[1] ?? 0;
  const rank = quantile * count;
  let [lower, below] = [0, 0];
  for (const [upper, upTo] of buckets) {
    if (upTo >= rank && upTo > below) {
      if (upper === Number.POSITIVE_INFINITY) return lower;
      return lower + ((upper - lower) * (rank - below)) / (upTo - below);
    }
    [lower, below] = [upper, upTo];
  }
  return Number.NaN;
}

/** @param {string} text in the text format of Prometheus */
function parseMetrics(text) {
  const samples = new Map();
  for (const line of text.split('\n')) {
    const end = line.lastIndexOf(' ');
    if (line.startsWith('#') || end < 0) continue;
    samples.set(line.slice(0, end), Number(line.slice(end + 1)));
  }
  return samples;
}

/** @param {string} series */
function nameOf(series) {
  return series.split('{', 1)[0] ?? series;
}

/**
 * @param {string} series
 * @param {string} name
 * @param {Record<string, string>} labels
 */
function isOf(series, name, labels) {
  if (nameOf(series) !== name) return false;
  return Object.entries(labels).every(([label, value]) => series.includes(`${label}="${value}"`));
}

/** @param {string} url */
async function readText(url) {
  try {
    const { status, text } = await fetchWithin(url, {}, timeoutMs);
    return status === 200 ? text : undefined;
  } catch {
    return undefined;
  }
}
