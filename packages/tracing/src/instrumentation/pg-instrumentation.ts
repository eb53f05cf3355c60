import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { insideTraces } from './inside-traces';
import { sanitizeSql } from './sanitize-sql';

/** The same statements come again and again; this many are remembered. */
const maxRemembered = 500;

/** `pg` with statements that are sanitised, and no parameters. Its conventions are the stable ones since 0.74. */
export function createPgInstrumentation(): PgInstrumentation {
  const sanitized = new Map<string, string>();
  return insideTraces(
    new PgInstrumentation({
      requireParentSpan: true,
      enhancedDatabaseReporting: false,
      requestHook(span, { query, connection }) {
        const text = sanitizedOf(query.text);
        // Its own names are cut from the statement as it was, at the first space.
        const operation = /^[^\p{L}]*(\p{L}+)/u.exec(text)?.[1]?.toUpperCase() ?? 'SQL';
        span.updateName(connection.database ? `${operation} ${connection.database}` : operation);
        span.setAttributes({ 'db.query.text': text, 'db.operation.name': operation });
      },
    }),
  );

  function sanitizedOf(text: string): string {
    const known = sanitized.get(text);
    if (known !== undefined) return known;
    if (sanitized.size >= maxRemembered) sanitized.clear();
    const fresh = sanitizeSql(text);
    sanitized.set(text, fresh);
    return fresh;
  }
}
