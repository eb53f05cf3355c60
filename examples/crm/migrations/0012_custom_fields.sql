-- What a workspace wants to know of its contacts besides what everybody does: the fields, and each contact's values by
-- the id of the field. Neither is encrypted.
create table custom_fields (
  id         text primary key check (id ~ '^f_[0-9a-f]{12}$'),
  tenant_id  text not null references workspaces,
  label      text not null check (length(label) between 1 and 60),
  kind       text not null check (kind in ('text', 'number', 'date', 'choice')),
  options    text[] not null default '{}',
  created_at timestamptz not null default now(),
  check ((kind = 'choice') = (cardinality(options) > 0))
);

create unique index custom_fields_label_once on custom_fields (tenant_id, lower(label));

alter table contacts add column custom jsonb not null default '{}' check (jsonb_typeof(custom) = 'object');

alter table custom_fields owner to crm_owner;
-- Update: to hold a field while one of its values is saved.
grant select, insert, update, delete on custom_fields to crm_app;

alter table custom_fields enable row level security;
alter table custom_fields force row level security;
create policy custom_fields_of_one_tenant on custom_fields
  using (tenant_id = current_setting('app.tenant_id', true))
  with check (tenant_id = current_setting('app.tenant_id', true));
