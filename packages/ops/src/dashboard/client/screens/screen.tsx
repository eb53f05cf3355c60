import { isScreenPage, type Page } from '../pages';
import { CacheScreen } from './cache-screen';
import { DatabaseScreen } from './database-screen';
import { DrillsScreen } from './drills-screen';
import { ErrorsScreen } from './errors-screen';
import { NotConnectedScreen } from './not-connected-screen';
import { NowScreen } from './now-screen';
import { QuotaScreen } from './quota-screen';
import { ReleasesScreen } from './releases-screen';
import { RequestsScreen } from './requests-screen';
import { SlosScreen } from './slos-screen';
import { TraceScreen } from './trace-screen';
import { TracesScreen } from './traces-screen';

/** The screen that is looked at, or how to connect it. */
export function Screen({ page }: { readonly page: Page }) {
  if (!isScreenPage(page)) return <TraceScreen page={page} />;
  const { header, screen } = page;
  if (!header.screens[screen]) return <NotConnectedScreen screen={screen} hint={header.hints[screen]} />;
  switch (page.screen) {
    case 'now':
      return <NowScreen data={page.data} header={header} />;
    case 'requests':
      return <RequestsScreen data={page.data} header={header} />;
    case 'traces':
      return <TracesScreen data={page.data} />;
    case 'errors':
      return <ErrorsScreen data={page.data} />;
    case 'slos':
      return <SlosScreen data={page.data} />;
    case 'cache':
      return <CacheScreen data={page.data} />;
    case 'quota':
      return <QuotaScreen data={page.data} />;
    case 'database':
      return <DatabaseScreen data={page.data} />;
    case 'releases':
      return <ReleasesScreen data={page.data} />;
    case 'drills':
      return <DrillsScreen data={page.data} header={header} />;
  }
}
