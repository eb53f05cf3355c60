/** A node's content, or the tree itself: what `JSON.parse` gave. */
export type TreeObject = Readonly<Record<string, unknown>>;

/** The value, when it is an object; an empty one otherwise. */
export function objectOf(value: unknown): TreeObject {
  return typeof value === 'object' && value !== null ? (value as TreeObject) : {};
}

/** The value, when it is a list; an empty one otherwise. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The strings of a list of `String` nodes, which is how names are written: `["pg_catalog", "lower"]`. */
export function namesOf(value: unknown): readonly string[] {
  return listOf(value).map((item) => String(objectOf(objectOf(item).String).sval));
}
