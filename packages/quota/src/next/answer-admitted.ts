import { afterBody } from '@unite/shared';
import type { Admission } from '../response/meter-types';

/** The handler's response with the headers of its admission, which is settled when the body has ended. */
export async function answerAdmitted(
  { headers, settle }: Admission,
  handle: () => Response | Promise<Response>,
): Promise<Response> {
  try {
    const response = withHeaders(await handle(), headers);
    return settle ? afterBody(response, () => settle()) : response;
  } catch (error) {
    settle?.();
    throw error;
  }
}

/** On a copy where the response's own headers cannot be changed (redirects, proxied fetches). */
function withHeaders(response: Response, headers: Admission['headers']): Response {
  try {
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    return response;
  } catch {
    const { body, status, statusText } = response;
    const copy = new Response(body, { status, statusText, headers: response.headers });
    for (const [name, value] of Object.entries(headers)) copy.headers.set(name, value);
    return copy;
  }
}
