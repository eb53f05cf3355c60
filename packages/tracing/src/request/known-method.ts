/** RFC 9110 §9, RFC 5789 and the draft of QUERY: what the semantic conventions take for a method. */
const methods = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
]);

/** The method, or `_OTHER`: anybody can send any word, and each would be a value of its own. */
export function knownMethod(method: string): string {
  return methods.has(method) ? method : '_OTHER';
}
