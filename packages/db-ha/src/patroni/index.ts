export { patroniNodes } from './patroni-nodes';
export type * from './types';
