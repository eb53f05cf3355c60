import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { insideTraces } from './inside-traces';
import { sanitizeSql } from './sanitize-sql';

/** The same statements come again and again; this many are remembered. */
const maxRemembered = 500;

interface Statement {
  readonly text: string;
  readonly operation: string;
}

/** `pg` with statements that are sanitised, and no parameters. Its conventions are the stable ones since 0.74. */
export function createPgInstrumentation(): PgInstrumentation {
  const statements = new Map<string, Statement>();
  return insideTraces(
    new PgInstrumentation({
      requireParentSpan: true,
      enhancedDatabaseReporting: false,
      requestHook(span, { query, connection }) {
        const { text, operation } = statementOf(query.text);
        span.updateName(connection.database ? `${operation} ${connection.database}` : operation);
        span.setAttributes({ 'db.query.text': text, 'db.operation.name': operation });
      },
    }),
  );

  function statementOf(sql: string): Statement {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    if (statements.size >= maxRemembered) statements.clear();
    const text = sanitizeSql(sql);
    // The name that the instrumentation gives is cut from the statement as it was, at the first space.
    const operation = /^[^\p{L}]*(\p{L}+)/u.exec(text)?.[1]?.toUpperCase() ?? 'SQL';
    const statement = { text, operation };
    statements.set(sql, statement);
    return statement;
  }
}
