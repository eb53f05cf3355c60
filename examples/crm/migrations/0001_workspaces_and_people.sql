-- The directory: who may sign in where. The same for every tenant, so it is readable without one.
create table workspaces (
  id       text primary key check (id ~ '^[a-z][a-z0-9-]{1,30}$'),
  name     text not null,
  plan     text not null check (plan in ('free', 'starter', 'pro', 'enterprise')),
  position smallint not null unique
);

create table people (
  id           text primary key,
  workspace_id text not null references workspaces,
  name         text not null,
  role         text not null check (role in ('owner', 'manager', 'member', 'viewer'))
);

create index people_by_workspace on people (workspace_id);
