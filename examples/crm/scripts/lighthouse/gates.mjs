/** What each screen has to reach with the desktop preset. Those of time say nothing of a slow machine. */
const gates = [
  { figure: 'performance', atLeast: 95, isOfTime: true, category: 'performance' },
  { figure: 'accessibility', atLeast: 100, isOfTime: false, category: 'accessibility' },
  { figure: 'bestPractices', atLeast: 95, isOfTime: false, category: 'bestPractices' },
  { figure: 'interactiveMs', below: 1_500, isOfTime: true, category: 'performance' },
  { figure: 'loadMs', below: 2_000, isOfTime: true, category: 'performance' },
];

/** Below it Lighthouse itself warns that a machine is too slow. */
export const leastBenchmarkIndex = 1_000;

/**
 * The gates that screens miss, each with what cost it, and those of which nobody can tell on this machine.
 *
 * @param {readonly Record<string, any>[]} screens
 */
export function gatesOf(screens) {
  const failures = screens
    .filter(({ form }) => form === 'desktop')
    .flatMap((screen) =>
      gates
        .filter((gate) => !isReached(gate, screen[gate.figure]))
        .map(({ figure, atLeast, below, isOfTime, category }) => ({
          route: screen.route,
          figure,
          got: Math.round(screen[figure]),
          wanted: atLeast === undefined ? `below ${below}` : `at least ${atLeast}`,
          costs: screen.costs[category],
          isJudged: !isOfTime || screen.benchmarkIndex >= leastBenchmarkIndex,
        })),
    );
  return {
    missed: failures.filter(({ isJudged }) => isJudged),
    unjudged: failures.filter(({ isJudged }) => !isJudged),
  };
}

function isReached({ atLeast, below }, got) {
  return atLeast === undefined ? got < below : got >= atLeast;
}
