create table campaigns (
  id         uuid primary key,
  tenant_id  text not null references workspaces,
  name       text not null check (length(name) between 1 and 120),
  subject    text not null check (length(subject) between 1 and 150),
  audience   text not null check (audience in ('everyone', 'lead', 'contacted', 'qualified', 'customer', 'lost')),
  status     text not null default 'draft' check (status in ('draft', 'scheduled', 'sent')),
  send_at    timestamptz,
  created_at timestamptz not null default now(),
  check ((status = 'draft') = (send_at is null))
);

create index campaigns_by_creation on campaigns (tenant_id, created_at desc, id);
