/** 400–417, from the IANA HTTP Status Code Registry (RFC 9110 §15.5). In one string, because size counts here. */
const phrases =
  'Bad Request,Unauthorized,Payment Required,Forbidden,Not Found,Method Not Allowed,Not Acceptable,Proxy Authentication Required,Request Timeout,Conflict,Gone,Length Required,Precondition Failed,Content Too Large,URI Too Long,Unsupported Media Type,Range Not Satisfiable,Expectation Failed'.split(
    ',',
  );

const others: Readonly<Record<number, string>> = {
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  423: 'Locked',
  424: 'Failed Dependency',
  425: 'Too Early',
  426: 'Upgrade Required',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  451: 'Unavailable For Legal Reasons',
  // Not registered: nginx's number for a client that left, which is how dashboards know it.
  499: 'Client Closed Request',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  507: 'Insufficient Storage',
};

/** The title of `about:blank` (RFC 9457 §4.2.1); another status is treated as x00 (RFC 9110 §15). */
export function statusPhrase(status: number): string {
  return phrases[status - 400] ?? others[status] ?? statusPhrase(status < 500 ? 400 : 500);
}

/** Whether a problem may have this status. */
export function isProblemStatus(status: unknown): status is number {
  return Number.isInteger(status) && (status as number) >= 400 && (status as number) < 600;
}
