/** What came of an action: nothing, or why it was not done. */
export type Refusal = string | undefined;

/** Asks the server to do something; never rejects. */
export async function postAction(url: string, body: Readonly<Record<string, string>>): Promise<Refusal> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-unite-dashboard': '1' },
      body: JSON.stringify(body),
    });
    return response.ok ? undefined : reasonOf(response.status, await response.text());
  } catch {
    return 'The application does not answer.';
  }
}

/** What a problem document, or another answer, says of itself. */
function reasonOf(status: number, text: string): string {
  try {
    const { detail, title, message } = JSON.parse(text);
    const said: unknown = detail ?? title ?? message;
    if (typeof said === 'string') return said;
  } catch {
    // It is no JSON.
  }
  return `The application has answered with ${status}.`;
}
