/** Parameters of the contacts' pages, as a handler makes them from its request. */
export function pagesOf(count) {
  return Array.from({ length: count }, (_, index) => ({
    workspaceId: `ws-${index % 50}`,
    page: Math.floor(index / 50),
  }));
}

/** The key that one builds by hand. */
export const keyOf = ({ workspaceId, page }) => `contacts:${workspaceId}:${page}`;

/** @param {number} count */
export const tagsOf =
  (count) =>
  ({ workspaceId }) =>
    Array.from({ length: count }, (_, index) => `${tagKinds[index]}:${workspaceId}`);
const tagKinds = ['contacts-of', 'members-of', 'plan-of', 'fields-of', 'views-of'];

/** One row of a list, about 200 bytes as JSON. */
export function contact(index) {
  return {
    id: index,
    name: `Ada Lovelace the ${index}th`,
    email: `ada.${index}@example.com`,
    phone: '+44 20 7946 0958',
    city: 'London',
    ownerId: index % 17,
    isActive: index % 3 > 0,
    updatedAt: '2026-11-25T21:30:00.000Z',
  };
}

/** A page of about so many bytes as JSON. */
export function pageOf(bytes) {
  const rows = [];
  for (let size = 0; size < bytes; size += JSON.stringify(rows.at(-1)).length + 1)
    rows.push(contact(rows.length));
  return { rows, next: null };
}
