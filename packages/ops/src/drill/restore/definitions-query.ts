/**
 * Everything that a database defines, one row each: kind, name, and text that is equal where the definitions are. Names
 * are whole, since nothing is on the search path. Rights are told one by one, because lists of them have no order.
 */
export const definitionsQuery = `
WITH ns AS (
  SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), rel AS (
  SELECT c.*, format('%I.%I', ns.nspname, c.relname) AS name
  FROM pg_class c JOIN ns ON ns.oid = c.relnamespace
)
SELECT 'schema' AS kind, quote_ident(nspname) AS name, pg_get_userbyid(nspowner)::text AS definition
FROM pg_namespace JOIN ns USING (oid, nspname)
UNION ALL
SELECT 'relation', name, concat_ws(' ', relkind, relpersistence, pg_get_userbyid(relowner), relrowsecurity,
  relforcerowsecurity, reloptions, pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid))
FROM rel WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
UNION ALL
SELECT 'column', name || '.' || quote_ident(attname), concat_ws(' ', format_type(atttypid, atttypmod), attnotnull,
  attidentity, attgenerated, attcollation::regcollation, pg_get_expr(adbin, adrelid))
FROM rel JOIN pg_attribute ON attrelid = rel.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef ON adrelid = rel.oid AND adnum = attnum
WHERE relkind IN ('r', 'p', 'f')
UNION ALL
SELECT 'constraint', name || '.' || quote_ident(conname), pg_get_constraintdef(pg_constraint.oid)
FROM rel JOIN pg_constraint ON conrelid = rel.oid
UNION ALL
SELECT 'index', name, concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid, indisclustered, indisreplident)
FROM rel JOIN pg_index ON indexrelid = rel.oid
UNION ALL
SELECT 'trigger', name || '.' || quote_ident(tgname), concat_ws(' ', pg_get_triggerdef(pg_trigger.oid), tgenabled)
FROM rel JOIN pg_trigger ON tgrelid = rel.oid AND NOT tgisinternal
UNION ALL
SELECT 'view', name, pg_get_viewdef(oid) FROM rel WHERE relkind IN ('v', 'm')
UNION ALL
SELECT 'sequence', name, concat_ws(' ', seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcycle)
FROM rel JOIN pg_sequence ON seqrelid = rel.oid
UNION ALL
SELECT 'policy', format('%I.%I.%I', schemaname, tablename, policyname),
  concat_ws(' ', permissive, roles, cmd, qual, 'check', with_check)
FROM pg_policies
UNION ALL
SELECT 'function', p.oid::regprocedure::text, concat_ws(' ', pg_get_userbyid(proowner), pg_get_functiondef(p.oid))
FROM pg_proc p JOIN ns ON ns.oid = pronamespace WHERE prokind IN ('f', 'p')
UNION ALL
SELECT 'enum', enumtypid::regtype::text, string_agg(enumlabel, ',' ORDER BY enumsortorder)
FROM pg_enum GROUP BY enumtypid
UNION ALL
SELECT 'extension', quote_ident(extname), extversion FROM pg_extension
UNION ALL
SELECT 'grant', concat_ws(' ', name, grantee::regrole, privilege_type), concat_ws(' ', grantor::regrole, is_grantable)
FROM rel, aclexplode(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)))
WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
UNION ALL
SELECT 'grant', concat_ws(' ', name || '.' || quote_ident(attname), grantee::regrole, privilege_type),
  concat_ws(' ', grantor::regrole, is_grantable)
FROM rel JOIN pg_attribute ON attrelid = rel.oid AND NOT attisdropped, aclexplode(attacl)
UNION ALL
SELECT 'grant', concat_ws(' ', 'schema', quote_ident(nspname), grantee::regrole, privilege_type),
  concat_ws(' ', grantor::regrole, is_grantable)
FROM pg_namespace JOIN ns USING (oid, nspname), aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
UNION ALL
SELECT 'grant', concat_ws(' ', p.oid::regprocedure, grantee::regrole, privilege_type),
  concat_ws(' ', grantor::regrole, is_grantable)
FROM pg_proc p JOIN ns ON ns.oid = pronamespace, aclexplode(coalesce(proacl, acldefault('f', proowner)))
`;
