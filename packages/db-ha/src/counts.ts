import type { ClusterCounts } from './status-types';

/** Counts from the start of the cluster. */
export type Counts = { -readonly [Name in keyof ClusterCounts]: number };

export function newCounts(): Counts {
  return {
    failovers: 0,
    replicaReads: 0,
    primaryReads: 0,
    retriedReads: 0,
    retriedWrites: 0,
    retriedTransactions: 0,
    unknownCommits: 0,
    refused: 0,
  };
}
