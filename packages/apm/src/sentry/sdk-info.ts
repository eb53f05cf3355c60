import { SDK_VERSION } from '@sentry/core';

/** How envelopes name their sender. The version is that of the functions that build them. */
export const sdkInfo = { name: 'sentry.javascript.unite', version: SDK_VERSION };
