-- How campaigns are sent. A campaign that begins writes down whom it goes to, one delivery a contact: the primary key is
-- what makes it at most one, whoever sends and however often. The demo's deliveries are its outbox; they hold ids alone.
alter table campaigns
  drop constraint campaigns_status_check,
  add constraint campaigns_status_check check (status in ('draft', 'scheduled', 'sending', 'sent', 'failed')),
  -- Null until it begins.
  add column recipients integer check (recipients >= 0),
  add column delivered integer not null default 0 check (delivered >= 0),
  add column failed integer not null default 0 check (failed >= 0),
  add column failure text check (length(failure) <= 300),
  add column trace_id text check (trace_id ~ '^[0-9a-f]{32}$'),
  add constraint campaigns_progress check (delivered + failed <= coalesce(recipients, 0)),
  -- What belongs to a campaign names its tenant too, and cannot name another one's.
  add constraint campaigns_of_tenant unique (id, tenant_id);

create table campaign_deliveries (
  campaign_id uuid not null,
  -- No reference: that somebody was written to stays true when the contact is deleted.
  contact_id uuid not null,
  tenant_id text not null,
  outcome text not null default 'waiting' check (outcome in ('waiting', 'delivered', 'failed')),
  decided_at timestamptz,
  primary key (campaign_id, contact_id),
  foreign key (campaign_id, tenant_id) references campaigns (id, tenant_id) on delete cascade,
  check ((outcome = 'waiting') = (decided_at is null))
);

create index campaign_deliveries_waiting on campaign_deliveries (campaign_id, contact_id) where outcome = 'waiting';

alter table campaign_deliveries owner to crm_owner;
grant select, insert, update on campaign_deliveries to crm_app;
alter table campaign_deliveries enable row level security;
alter table campaign_deliveries force row level security;
create policy campaign_deliveries_of_one_tenant on campaign_deliveries
  using (tenant_id = current_setting('app.tenant_id', true))
  with check (tenant_id = current_setting('app.tenant_id', true));

-- The queue: campaigns that are due, now or later. Who sends acts as `user_id`, whose role is looked up by then.
create table campaign_jobs (
  campaign_id uuid primary key,
  tenant_id text not null,
  user_id text not null,
  due_at timestamptz not null,
  -- Of the request that asked for it.
  traceparent text check (length(traceparent) <= 60),
  -- Since the last batch that went well.
  attempts integer not null default 0,
  -- A new one with each claim: who holds an old one has lost the job.
  lease uuid,
  leased_by text,
  leased_until timestamptz,
  foreign key (campaign_id, tenant_id) references campaigns (id, tenant_id) on delete cascade
);

create index campaign_jobs_by_due on campaign_jobs (due_at);

-- Bound to a tenant like everything else, for everything but claiming: a worker cannot know whose campaign is due before
-- it has one. That goes through this function alone, which the owner's rights let see all jobs (so no `force`), and which
-- tells no more than ids.
alter table campaign_jobs owner to crm_owner;
grant select, insert, update, delete on campaign_jobs to crm_app;
alter table campaign_jobs enable row level security;
create policy campaign_jobs_of_one_tenant on campaign_jobs
  using (tenant_id = current_setting('app.tenant_id', true))
  with check (tenant_id = current_setting('app.tenant_id', true));

create function claim_campaign_job(worker text, lease_seconds integer)
  returns setof campaign_jobs
  language sql security definer set search_path = pg_catalog
  as $$
    update public.campaign_jobs
       set lease = gen_random_uuid(),
           leased_by = worker,
           leased_until = now() + make_interval(secs => lease_seconds),
           attempts = attempts + 1
     where campaign_id = (
       select campaign_id from public.campaign_jobs
        where due_at <= now() and (leased_until is null or leased_until < now())
        order by due_at
          for update skip locked
        limit 1)
    returning *
  $$;

alter function claim_campaign_job(text, integer) owner to crm_owner;
revoke all on function claim_campaign_job(text, integer) from public;
grant execute on function claim_campaign_job(text, integer) to crm_app;

-- Those that were scheduled before there was a queue go out in the name of their workspace's owner.
alter table campaigns no force row level security;
insert into campaign_jobs (campaign_id, tenant_id, user_id, due_at)
  select distinct on (c.id) c.id, c.tenant_id, p.id, c.send_at
    from campaigns c join people p on p.workspace_id = c.tenant_id and p.role = 'owner'
   where c.status = 'scheduled'
   order by c.id, p.id;
alter table campaigns force row level security;
