/** Segments of a path that are shown as they are; what may name a person or a thing is not. */
const plain = /^[\w.~-]{1,32}$/;
const identifier = /^(\d+|[0-9a-f-]{12,}|(?=.*\d)[\w-]{16,})$/i;

/** A path whose identifiers are masked: `/contacts/17?q=Ada` is `/contacts/*`. At most 8 segments. */
export function maskPath(url: string): string {
  const path = (url.split(/[?#]/, 1)[0] as string).slice(0, 1_000);
  const segments = path.split('/').slice(0, 9);
  return segments.map((segment) => (isShown(segment) ? segment : '*')).join('/') || '/';
}

function isShown(segment: string): boolean {
  return segment === '' || (plain.test(segment) && !identifier.test(segment));
}
