/** Of names that every system writes, and none of which is a folder above. */
export function isRelativePath(path: string): boolean {
  return path.length <= 200 && path.split('/').every((part) => /^[\w-][\w.-]*$/.test(part));
}
