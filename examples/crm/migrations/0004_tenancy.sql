-- Tenancy where no forgotten `where` can undo it. The tables belong to a role nobody can log in as, and
-- the application's role sees the rows of one tenant: the one its transaction names. Without one,
-- current_setting is null or empty, which equals no tenant: the policy fails closed.
do $$
begin
  if not exists (select from pg_roles where rolname = 'crm_owner') then
    create role crm_owner nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'crm_app') then
    create role crm_app nologin nosuperuser nobypassrls;
  end if;
end
$$;

grant crm_owner to current_user;
grant usage, create on schema public to crm_owner;
grant usage on schema public to crm_app;

alter table workspaces owner to crm_owner;
alter table people owner to crm_owner;
alter table contacts owner to crm_owner;
alter table campaigns owner to crm_owner;

grant select on workspaces, people to crm_app;
grant select, insert, update, delete on contacts, campaigns to crm_app;

alter table contacts enable row level security;
alter table contacts force row level security;
create policy contacts_of_one_tenant on contacts
  using (tenant_id = current_setting('app.tenant_id', true))
  with check (tenant_id = current_setting('app.tenant_id', true));

alter table campaigns enable row level security;
alter table campaigns force row level security;
create policy campaigns_of_one_tenant on campaigns
  using (tenant_id = current_setting('app.tenant_id', true))
  with check (tenant_id = current_setting('app.tenant_id', true));
