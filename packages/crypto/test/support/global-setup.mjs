import { installChromium } from '../../../../examples/crm/test/support/install-chromium.mjs';

/** The login is tried in a browser, too. */
export default async function globalSetup() {
  process.env.TEST_CHROMIUM = (await installChromium()) ?? '';
}
