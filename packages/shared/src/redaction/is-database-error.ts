/** Of redis (node-redis and ioredis): what the server answered, with the arguments that it did not like. */
const replyErrors =
  /^(?:ReplyError|ErrorReply|SimpleError|BlobError|MultiErrorReply|CommandError|ParserError)$/;

/** Of mappers and drivers that quote values, whatever code they have. */
const driverErrors =
  /^(?:PrismaClient\w{0,40}Error|Mongo\w{0,40}Error|Sequelize\w{0,40}Error|Drizzle(?:Query)?Error|QueryFailedError|SqliteError|PostgresError)$/;

/** Of SQLite, MySQL and SQL Server; that of a duplicate in MongoDB. */
const driverCode = /^(?:SQLITE_\w{1,60}|ERR_SQLITE_ERROR|ER_\w{1,60}|EREQUEST|1100[01])$/;

/** How deep causes are looked for: chains may be circular. */
const maxDepth = 8;

/**
 * Whether an error, or what caused it, is the answer of a database, which quotes values in its message. Drivers are
 * given by the application, so it is told by its shape. Never throws.
 */
export function isDatabaseError(thrown: unknown): boolean {
  try {
    let error = thrown;
    let depth = 0;
    while (typeof error === 'object' && error !== null && depth++ < maxDepth) {
      if (isAnswer(error)) return true;
      error = (error as Error).cause;
    }
    return false;
  } catch {
    return false;
  }
}

function isAnswer(error: {
  severity?: unknown;
  code?: unknown;
  sqlState?: unknown;
  number?: unknown;
  name?: unknown;
}): boolean {
  return (
    isSqlState(error.sqlState) ||
    (isSqlState(error.code) && typeof error.severity === 'string') ||
    driverCode.test(String(error.code)) ||
    // Only SQL Server numbers its errors in this way.
    Number.isInteger(error.number) ||
    (typeof error.name === 'string' && isName(error.name)) ||
    isName(String(error.constructor?.name))
  );
}

function isName(name: string): boolean {
  return replyErrors.test(name) || driverErrors.test(name);
}

/** @see ISO/IEC 9075-2 §24.1 */
function isSqlState(code: unknown): boolean {
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
}

/** Whether an exception of this type was one, as far as that can be told: the SDK takes a code for the type. */
export function isDatabaseErrorType(type: unknown): boolean {
  return (
    typeof type === 'string' &&
    (isName(type) ||
      driverCode.test(type) ||
      type === 'DatabaseError' ||
      (isSqlState(type) && /\d/.test(type)))
  );
}
