import { act, Component, type ReactNode, StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { type CacheClient, type CacheOptions, CacheProvider, createCacheClient } from '../../../src/react';
import { manualClock } from './manual-clock';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const roots = new Set<Root>();

/** What is rendered into a page of jsdom, with a client whose clock stands still. */
export async function render(ui: ReactNode, defaults: CacheOptions = {}, strict = false) {
  const clock = manualClock();
  const client = createCacheClient({ clock, random: () => 0, defaults });
  const container = document.createElement('div');
  const root = createRoot(container);
  roots.add(root);
  const show = (content: ReactNode, as: CacheClient = client) => {
    const provided = <CacheProvider client={as}>{content}</CacheProvider>;
    return act(async () => root.render(strict ? <StrictMode>{provided}</StrictMode> : provided));
  };
  await show(ui);
  return {
    client,
    clock,
    container,
    show,
    text: () => container.textContent,
    unmount: () => act(async () => root.unmount()),
  };
}

/** For `afterEach`. */
export async function unmountAll(): Promise<void> {
  for (const root of roots) await act(async () => root.unmount());
  roots.clear();
}

/** Shows the message of what is thrown below, and a button to try again. */
export class Boundary extends Component<
  { onReset?: () => void; children: ReactNode },
  { error?: Error | undefined }
> {
  override state: { error?: Error | undefined } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    const reset = () => {
      this.props.onReset?.();
      this.setState({ error: undefined });
    };
    return (
      <button type="button" onClick={reset}>
        {error.message}
      </button>
    );
  }
}
