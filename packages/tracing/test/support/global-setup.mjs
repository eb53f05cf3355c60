import { installChromium } from '../../../../examples/crm/test/support/install-chromium.mjs';
import buildWhenStale from '../../../../scripts/services/test/build-when-stale.mjs';

/** Some tests run programs, which load the package as it is published; some need a browser. */
export default async function globalSetup(_, project) {
  buildWhenStale(project);
  process.env.TEST_CHROMIUM = (await installChromium()) ?? '';
}
