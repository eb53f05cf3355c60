import { installChromium } from '../../../../examples/crm/test/support/install-chromium.mjs';

/** Some tests need a browser. */
export default async function globalSetup() {
  process.env.TEST_CHROMIUM = (await installChromium()) ?? '';
}
