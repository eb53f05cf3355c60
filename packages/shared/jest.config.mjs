import { packageJest } from '../../jest.base.mjs';

const { collectCoverageFrom } = packageJest();

export default packageJest({
  // What follows a router of Express is tested with it, by the middleware of @unite/tracing.
  collectCoverageFrom: [...collectCoverageFrom, '!src/express/**'],
});
