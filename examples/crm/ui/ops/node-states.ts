import type { NodeStatus } from '@unite/db-ha';
import type { StatusMarkProps } from '../status-mark';

/** How each state looks and is called. */
export const nodeStates: Readonly<Record<NodeStatus['state'], StatusMarkProps>> = {
  up: { shape: 'check', tone: 'ok', children: 'Healthy' },
  behind: { shape: 'triangle', tone: 'warn', children: 'Behind' },
  fenced: { shape: 'bars', tone: 'warn', children: 'Fenced' },
  foreign: { shape: 'cross', tone: 'critical', children: 'Foreign' },
  down: { shape: 'cross', tone: 'critical', children: 'Down' },
  unknown: { shape: 'dashed', tone: 'muted', children: 'Not asked yet' },
};
