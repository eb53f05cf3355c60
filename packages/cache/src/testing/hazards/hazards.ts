import { droppedSubscriber } from './dropped-subscriber';
import { frozenRedis } from './frozen-redis';
import { invalidateDuringLoad } from './invalidate-during-load';
import { keptValues } from './kept-values';
import { lostTagMarker } from './lost-tag-marker';
import { memoryBound } from './memory-bound';
import { tagGrowth } from './tag-growth';
import type { Hazard } from './types';

/** Every hazard, in the order in which they are run. */
export const hazards: readonly Hazard[] = Object.freeze([
  invalidateDuringLoad,
  droppedSubscriber,
  lostTagMarker,
  frozenRedis,
  keptValues,
  tagGrowth,
  memoryBound,
]);
