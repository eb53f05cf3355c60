// Read by the application, by the seed and by the migration alike.

/** The columns of `contacts` that are encrypted, and what counts as equal when one looks for them. */
export const encryptedColumns = /** @type {const} */ ({
  rowId: 'id',
  tenantId: 'tenant_id',
  columns: {
    email: { index: 'email_index', search: { normalizer: plainEmail } },
    phone: { index: 'phone_index', search: { normalizer: plainPhone } },
  },
});

/** @param {string} email */
function plainEmail(email) {
  return email.trim().toLowerCase();
}

/**
 * However it is spaced.
 *
 * @param {string} phone
 */
function plainPhone(phone) {
  return phone.replace(/[^\d+]/g, '');
}
