import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';
import { costliest } from './costliest.mjs';

const chromeFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
const categories = ['performance', 'accessibility', 'best-practices'];

/**
 * The median of each figure over some runs, each in a browser of its own, and what cost the scores in the run whose
 * performance is the median. Scores are from 0 to 100.
 *
 * @param {{ chromium: string, address: string, cookie: string, form: string, runs: number }} options
 * @throws {Error} where another page was seen than the one asked for, or none
 */
export async function measureScreen({ chromium, address, cookie, form, runs }) {
  const results = [];
  while (results.length < runs) results.push(await runUntilRecorded({ chromium, address, cookie, form }));
  const byPerformance = results.toSorted((a, b) => a.figures.performance - b.figures.performance);
  const names = Object.keys(results[0].figures);
  return {
    ...Object.fromEntries(names.map((name) => [name, median(results.map(({ figures }) => figures[name]))])),
    costs: byPerformance[Math.floor(runs / 2)].costs,
  };
}

/** Says of a run that it found no begin of the navigation in Chromium's trace. */
const unrecorded = 'NO_NAVSTART';
const maxTries = 3;

/** Nothing was measured then, good or bad: Lighthouse itself asks for another run. */
async function runUntilRecorded(options) {
  for (let tries = 1; ; tries++) {
    const lhr = await runOnce(options);
    if (lhr.runtimeError?.code !== unrecorded || tries === maxTries) return resultOf(lhr, options.address);
  }
}

async function runOnce({ chromium, address, cookie, form }) {
  const chrome = await launch({ chromePath: chromium, chromeFlags });
  try {
    const flags = {
      port: chrome.port,
      logLevel: 'error',
      disableFullPageScreenshot: true,
      onlyCategories: categories,
      extraHeaders: { Cookie: cookie },
    };
    const { lhr } = await lighthouse(address, flags, form === 'desktop' ? desktopConfig : undefined);
    return lhr;
  } finally {
    chrome.kill();
  }
}

function resultOf(lhr, address) {
  if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`);
  if (new URL(lhr.finalDisplayedUrl).pathname !== new URL(address).pathname) {
    throw new Error(`${address} led to ${lhr.finalDisplayedUrl}`);
  }
  const scoreOf = (category) => Math.round(100 * lhr.categories[category].score);
  const [metrics] = lhr.audits.metrics.details.items;
  return {
    figures: {
      performance: scoreOf('performance'),
      accessibility: scoreOf('accessibility'),
      bestPractices: scoreOf('best-practices'),
      fcpMs: metrics.firstContentfulPaint,
      lcpMs: metrics.largestContentfulPaint,
      tbtMs: metrics.totalBlockingTime,
      cls: metrics.cumulativeLayoutShift,
      interactiveMs: metrics.interactive,
      loadMs: metrics.observedLoad,
      benchmarkIndex: lhr.environment.benchmarkIndex,
    },
    costs: Object.fromEntries(categories.map((category) => [camelCase(category), costliest(lhr, category)])),
  };
}

function camelCase(name) {
  return name.replace(/-(\w)/, (_, letter) => letter.toUpperCase());
}

/** The upper one of two in the middle. */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
