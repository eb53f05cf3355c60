-- How standbys are connected, for the screen of the servers: the application's role may see this of other connections, and
-- nothing else, such as what they ask.
create function tls_of_standbys()
  returns table (name text, ssl boolean, version text, cipher text)
  language sql stable security definer set search_path = pg_catalog
  as $$
    select r.application_name, s.ssl, s.version, s.cipher
      from pg_stat_replication r left join pg_stat_ssl s using (pid)
     order by 1
     limit 64
  $$;

revoke all on function tls_of_standbys() from public;
grant execute on function tls_of_standbys() to crm_app;
