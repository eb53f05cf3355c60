/**
 * From 400 and from 500 on, as the IANA HTTP Status Code Registry has them (RFC 9110 §15.5, §15.6). In two strings,
 * because size counts here.
 */
const clientErrors =
  'Bad Request,Unauthorized,Payment Required,Forbidden,Not Found,Method Not Allowed,Not Acceptable,Proxy Authentication Required,Request Timeout,Conflict,Gone,Length Required,Precondition Failed,Content Too Large,URI Too Long,Unsupported Media Type,Range Not Satisfiable,Expectation Failed,,,,Misdirected Request,Unprocessable Content,Locked,Failed Dependency,Too Early,Upgrade Required,,Precondition Required,Too Many Requests,,Request Header Fields Too Large'.split(
    ',',
  );
const serverErrors =
  'Internal Server Error,Not Implemented,Bad Gateway,Service Unavailable,Gateway Timeout,,,Insufficient Storage'.split(
    ',',
  );

const others: Readonly<Record<number, string>> = {
  451: 'Unavailable For Legal Reasons',
  // Not registered: nginx's number for a client that left, which is how dashboards know it.
  499: 'Client Closed Request',
};

/** The title of `about:blank` (RFC 9457 §4.2.1); another status is treated as x00 (RFC 9110 §15). */
export function statusPhrase(status: number): string {
  const phrases = status < 500 ? clientErrors : serverErrors;
  return phrases[status % 100] || others[status] || (phrases[0] as string);
}

/** Whether a problem may have this status. */
export function isProblemStatus(status: unknown): status is number {
  return Number.isInteger(status) && (status as number) >= 400 && (status as number) < 600;
}
