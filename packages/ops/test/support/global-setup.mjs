import { installChromium } from '../../../../examples/crm/test/support/install-chromium.mjs';
import { buildDashboard } from '../../scripts/build-dashboard.mjs';

/** The dashboard's pages are tried in a browser, as the sources are now. */
export default async function globalSetup() {
  await buildDashboard();
  process.env.TEST_CHROMIUM = (await installChromium()) ?? '';
}
