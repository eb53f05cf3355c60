import type { ReadonlySignal } from '@preact/signals-core';
import { useEffect } from 'preact/hooks';
import { isScreenPage } from './pages';
import { screenTitles } from './screen-titles';
import { Screen } from './screens/screen';
import { type Dashboard, DashboardContext } from './ui/dashboard-context';
import { Header } from './ui/header';
import { LiveBar } from './ui/live-bar';
import { Navigation } from './ui/navigation';

export interface AppProps {
  readonly dashboard: Dashboard;
  readonly announcements: {
    readonly sentence: ReadonlySignal<string>;
    readonly alarm: ReadonlySignal<string>;
  };
  readonly reconnect: () => void;
}

export function App({ dashboard, announcements, reconnect }: AppProps) {
  const page = dashboard.store.shown.value;
  const title = isScreenPage(page) ? screenTitles[page.screen] : 'Trace';
  useEffect(() => {
    document.title = `${title}, ${page.header.service}`;
  }, [title, page.header.service]);
  return (
    <DashboardContext.Provider value={dashboard}>
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      <Header header={page.header} />
      <div class="frame">
        <Navigation header={page.header} />
        <main id="main" tabIndex={-1}>
          <LiveBar title={title} reconnect={reconnect} />
          <Screen page={page} />
        </main>
      </div>
      <div class="hidden-visually">
        <p role="status">{announcements.sentence}</p>
        <p role="alert">{announcements.alarm}</p>
      </div>
    </DashboardContext.Provider>
  );
}
