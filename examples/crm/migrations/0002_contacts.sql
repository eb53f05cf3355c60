create table contacts (
  id         uuid primary key,
  tenant_id  text not null references workspaces,
  email      text not null check (length(email) between 3 and 254),
  name       text not null default '' check (length(name) <= 120),
  company    text not null default '' check (length(company) <= 120),
  job_title  text not null default '' check (length(job_title) <= 120),
  phone      text not null default '' check (length(phone) <= 40),
  stage      text not null default 'lead' check (stage in ('lead', 'contacted', 'qualified', 'customer', 'lost')),
  notes      text not null default '' check (length(notes) <= 2000),
  version    integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create unique index contacts_email_once on contacts (tenant_id, lower(email));
create index contacts_by_name on contacts (tenant_id, lower(name), id);
create index contacts_by_update on contacts (tenant_id, updated_at desc, id);
