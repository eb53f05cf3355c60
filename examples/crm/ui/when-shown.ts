import { type ComponentType, lazy } from 'react';

/**
 * A component whose script comes when it is first shown, within a `<Suspense>`. Where the script does not come, nothing
 * stands in its place and the rest of the screen goes on: what a person came for is never loaded like this.
 *
 * @example
 * const ReadsPlot = whenShown(() => import('./reads-plot').then((module) => module.ReadsPlot));
 */
export function whenShown<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return lazy(() =>
    load().then(
      (component) => ({ default: component }),
      () => ({ default: Nothing as ComponentType<Props> }),
    ),
  );
}

function Nothing() {
  return null;
}
