/**
 * Checks a URL without ever showing it: one that is none may have a password all the same.
 *
 * @param protocols with their colons
 * @param form what it must be, in words
 * @throws TypeError
 */
export function checkUrl(owner: string, text: string, protocols: readonly string[], form: string): void {
  if (!isUrl(text, protocols)) {
    throw new TypeError(
      `${owner}: option "url" must be ${form}; what it got is not shown, for it may be secret`,
    );
  }
}

function isUrl(text: string, protocols: readonly string[]): boolean {
  try {
    const { protocol, hostname, username, password, pathname } = new URL(text);
    decodeURIComponent(username + password + pathname);
    return protocols.includes(protocol) && hostname !== '';
  } catch {
    return false;
  }
}
