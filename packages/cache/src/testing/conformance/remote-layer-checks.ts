import { deletionChecks } from './deletions';
import { entryChecks } from './entries';
import { leaseChecks } from './leases';
import { linkChecks } from './links';
import { logAppendChecks } from './log-appends';
import { logReadChecks } from './log-reads';
import { namespaceChecks } from './namespaces';
import { popularChecks } from './popular-keys';
import type { RemoteLayerCheck } from './types';

/**
 * Everything that a remote layer has to do, for a test runner that is to show each by its name.
 *
 * @example
 * test.each(remoteLayerChecks)('$name: $summary', (check) => check.run(() => myLayer(client)));
 */
export const remoteLayerChecks: readonly RemoteLayerCheck[] = Object.freeze([
  ...entryChecks,
  ...leaseChecks,
  ...logReadChecks,
  ...logAppendChecks,
  ...linkChecks,
  ...deletionChecks,
  ...popularChecks,
  ...namespaceChecks,
]);
