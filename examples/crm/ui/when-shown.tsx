import { type ComponentType, lazy } from 'react';

/**
 * A component whose script comes when it is first shown, within a `<Suspense>`. Where the script does not come, a line
 * says so and the rest of the screen goes on: what a person came for is never loaded like this.
 *
 * @example
 * const ReadsPlot = whenShown(() => import('./reads-plot').then((module) => module.ReadsPlot));
 */
export function whenShown<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return lazy(() =>
    load().then(
      (component) => ({ default: component }),
      () => ({ default: NotLoaded as ComponentType<Props> }),
    ),
  );
}

function NotLoaded() {
  return (
    <p role="status" className="meta">
      This part did not load. The rest works; load the page again to see it.
    </p>
  );
}
