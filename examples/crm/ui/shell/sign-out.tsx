'use client';

/** Ends the session and starts over, with nothing of it left in memory. */
export function SignOut() {
  async function signOut() {
    await fetch('/api/session', { method: 'DELETE' });
    window.location.assign('/');
  }
  return (
    <button type="button" onClick={signOut}>
      Sign out
    </button>
  );
}
