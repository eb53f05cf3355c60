/** Tag of whatever depends on which fields a workspace has: the fields themselves, and the contacts with their values. */
export const customFieldsOf = (tenantId: string) => `custom-fields-of:${tenantId}`;
