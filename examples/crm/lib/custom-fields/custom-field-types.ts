export const fieldKinds = ['text', 'number', 'date', 'choice'] as const;

export type FieldKind = (typeof fieldKinds)[number];

/** Something that a workspace wants to know of each contact, besides what everybody does. */
export interface CustomField {
  /** The key of its values, such as `f_3b9ac1d20e47`. */
  readonly id: string;
  readonly label: string;
  readonly kind: FieldKind;
  /** What a choice is made of; empty for other kinds. */
  readonly options: readonly string[];
}

/** A contact's values by the id of the field. Dates are `2027-01-31`. */
export type CustomValues = Readonly<Record<string, string | number>>;

/** Values to save; `null` takes one away. */
export type CustomChanges = Readonly<Record<string, string | number | null>>;

export interface CustomFieldUse extends CustomField {
  /** How many contacts have a value. */
  readonly contacts: number;
}

/** All fields of a workspace, and how many its plan holds. */
export interface CustomFieldList {
  readonly fields: readonly CustomFieldUse[];
  /** `null` is no limit. */
  readonly limit: number | null;
}
