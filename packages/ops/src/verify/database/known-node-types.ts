import type { OpenNode } from './open-node';
import type { ServerFacts } from './server-facts';

/** A node that has answered. */
export interface KnownNode {
  readonly name: string;
  /** As findings call it: `replica db-2`. */
  readonly subject: string;
  readonly node: OpenNode;
  readonly facts: ServerFacts;
}
