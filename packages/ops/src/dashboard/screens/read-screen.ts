import type { ScreenData, ScreenName, Snapshot } from '../screen-types';
import { readCache } from './read-cache';
import { readDatabase } from './read-database';
import { readDrills } from './read-drills';
import { readErrors } from './read-errors';
import { readHeader } from './read-header';
import { readNow } from './read-now';
import { readQuota } from './read-quota';
import { readReleases } from './read-releases';
import { readRequests } from './read-requests';
import { readSlos } from './read-slos';
import { readTraces } from './read-traces';
import type { ScreenSources, Viewer } from './screen-source-types';

type Readers = {
  readonly [Name in ScreenName]: (
    sources: ScreenSources,
    viewer: Viewer,
  ) => ScreenData[Name] | Promise<ScreenData[Name]>;
};

const readers: Readers = {
  now: readNow,
  requests: readRequests,
  traces: readTraces,
  errors: readErrors,
  slos: readSlos,
  cache: readCache,
  quota: readQuota,
  database: readDatabase,
  releases: readReleases,
  drills: readDrills,
};

/** Whether there is a screen of this name. */
export function isScreen(name: string): name is ScreenName {
  return Object.hasOwn(readers, name);
}

/** A screen as its page is told. */
export async function readScreen(
  sources: ScreenSources,
  viewer: Viewer,
  screen: ScreenName,
): Promise<Snapshot> {
  return { header: readHeader(sources, viewer), screen, data: await readers[screen](sources, viewer) };
}
