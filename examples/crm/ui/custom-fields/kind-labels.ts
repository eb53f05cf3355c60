import type { FieldKind } from '@/lib/custom-fields/custom-field-types';

export const kindLabels: Readonly<Record<FieldKind, string>> = {
  text: 'Text',
  number: 'Number',
  date: 'Date',
  choice: 'Choice',
};
