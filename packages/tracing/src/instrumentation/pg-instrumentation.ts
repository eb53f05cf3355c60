import type { Span } from '@opentelemetry/api';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { insideTraces } from './inside-traces';
import { sanitizeSql } from './sanitize-sql';
import { queryKind } from './unite/db-ha-spans';

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
    { repeats },
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

/**
 * A cluster lets no more callers to a pool than it has connections: a query waits for none there, and what opens one has
 * a span of its own, `pg.connect`. Inside of a transaction it may be any pool of the application.
 */
function repeats(name: string, parent: Span & Partial<Pick<ReadableSpan, 'attributes'>>): boolean {
  return name === 'pg-pool.connect' && parent.attributes?.[queryKind] !== undefined;
}
