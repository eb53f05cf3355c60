/** What may be switched off, or on for some, while the application runs as it was released. */
export const flagList = {
  'score-streaming': {
    description: 'A score’s reason is shown while the model says it. Off: all at once, when it is whole.',
    isOn: true,
  },
  'hot-leads-panel': {
    description: 'Whom to call today, above the contacts; a query of its own for each page.',
    isOn: true,
  },
} as const satisfies Readonly<Record<string, { readonly description: string; readonly isOn: boolean }>>;

export type FlagName = keyof typeof flagList;

/** `on`, `off`, or on for a share of the workspaces from 0 to 1. */
export type FlagSetting = 'on' | 'off' | { readonly on: number };

/** What stands in `CRM_FLAGS`; what it does not name is as {@link flagList} says. */
export type FlagSettings = { readonly [Name in FlagName]?: FlagSetting | undefined };
