import { packageJest } from '../../jest.base.mjs';

export default packageJest({ testTimeout: 60_000 });
