import { startIdentityProvider } from '../../../../../examples/crm/scripts/identity-provider.mjs';

// A process of its own: `oidc-provider` consists of ES modules, and its clock can be wrong here without ours being so.
const { clockOffsetMs = 0, ...options } = JSON.parse(process.argv[2] ?? '{}');
const realNowMs = Date.now;
Date.now = () => realNowMs() + clockOffsetMs;

const { issuer } = await startIdentityProvider(options);
process.send?.({ issuer });
process.on('disconnect', () => process.exit());
