/** `contact-not-found` → `ContactNotFoundProblem`; of a URI, the letters and digits. */
export function componentName(slug: string): string {
  const words = slug.split(/[^A-Za-z0-9]+/).filter(Boolean);
  return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Problem`;
}
