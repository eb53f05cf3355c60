import { definePrices } from '@unite/quota/cost';
import { demoModel } from './scoring/demo-model';

/** What things cost, in US dollars for a million. The version is kept with every event, so that a bill can be explained. */
export const prices = definePrices({
  version: '2026-11',
  models: {
    [demoModel]: { inputPerMillionUsd: 10, outputPerMillionUsd: 40 },
    // Another model that OPENAI_MODEL names needs a line here. Until then its tokens are counted, and its cost is unknown.
  },
  unitsPerMillionUsd: { apiCalls: 2 },
});
