export { formatHazards } from './format-hazards';
export { hazards } from './hazards';
export { type RedisControlOptions, startRedisControl } from './redis-control';
export { type CacheHazards, type RunHazardsOptions, runHazards } from './run-hazards';
export type * from './types';
