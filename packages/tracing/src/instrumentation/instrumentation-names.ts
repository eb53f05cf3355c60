import type { InstrumentationName } from '../types';

/** Every name, in the order in which they are told. */
export const instrumentationNames: readonly InstrumentationName[] = [
  'http',
  'http-server',
  'undici',
  'pg',
  'redis',
  'ioredis',
  'ai',
  'unite',
];
