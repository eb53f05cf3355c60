/** What the routes do, the same for all contestants. */

/** What the reference route waits for beside its servers, so that it takes about 10 ms. It is fixed: a wait that made up for the rest of the handler would hide what that takes. */
const waitMs = 8;

exports.wait = () => new Promise((resolve) => setTimeout(resolve, waitMs));

exports.contactSql = 'SELECT id, name, email, stage, score, updated_at FROM contacts WHERE id = $1';

/** There are so many contacts; ids of requests beyond them begin anew. */
exports.contactCount = 1_000;
exports.contactId = (id) => 1 + (Number(id) % exports.contactCount);

/** So long is a contact kept in memory and in Redis. */
exports.ttlMs = 600_000;

/** So much that nobody is refused, but for whoever has the plan `tiny`. */
exports.plenty = 1_000_000_000;
exports.tiny = 2;
exports.planOf = (tenantId) => (tenantId.startsWith('tiny') ? 'tiny' : 'pro');

/** Until then a request is answered. */
exports.timeoutMs = 15_000;
