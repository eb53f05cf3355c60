import type { ScreenName, Snapshot, TracePage } from '../screen-types';

/** What the server tells of one screen. */
export type ScreenPage = { readonly [Name in ScreenName]: Snapshot<Name> }[ScreenName];

/** What is looked at: a screen, or one trace. */
export type Page = ScreenPage | TracePage;

export function isScreenPage(page: Page): page is ScreenPage {
  return 'screen' in page;
}
