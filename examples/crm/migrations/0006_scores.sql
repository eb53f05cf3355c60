-- How promising a contact is, from 0 to 100; null until somebody, or something, has said so.
alter table contacts add column score smallint check (score between 0 and 100);

create index contacts_by_score on contacts (tenant_id, score desc, id) where score is not null;
