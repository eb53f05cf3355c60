import type { CustomValues } from '../custom-fields/custom-field-types';

export const contactStages = ['lead', 'contacted', 'qualified', 'customer', 'lost'] as const;

export type ContactStage = (typeof contactStages)[number];

/** A contact as the API shows it. `email` and `phone` are null for roles that may not read them. */
export interface Contact {
  readonly id: string;
  readonly email: string | null;
  readonly name: string;
  readonly company: string;
  readonly jobTitle: string;
  readonly phone: string | null;
  readonly stage: ContactStage;
  readonly notes: string;
  /** How promising, from 0 to 100; null where nobody has said so. */
  readonly score: number | null;
  /** By the id of the workspace's custom field. */
  readonly custom: CustomValues;
  /** Goes up with every change; the `ETag` of the contact. */
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** From which score on a lead may be called hot. Few, because each list of them is read anew when a score changes. */
export const minScores = [70, 80, 90] as const;

export type MinScore = (typeof minScores)[number];
