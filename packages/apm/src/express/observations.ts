import type { IncomingMessage } from 'node:http';
import { globalSlot } from '@unite/shared';
import type { Observation } from '../observation/observation-types';

/** The observation of each request under way, seen by every copy of this module. */
export const observations = globalSlot(
  Symbol.for('unite.apm.observations.1'),
  () => new WeakMap<IncomingMessage, Observation>(),
);
