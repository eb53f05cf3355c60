-- Addresses and phone numbers are encrypted from now on: see lib/contacts/encrypted-columns.mjs. What is there already
-- is encrypted right after this by scripts/encrypt-contacts.mjs.
alter table contacts
  drop constraint contacts_email_check,
  drop constraint contacts_phone_check,
  alter column phone drop not null,
  alter column phone drop default,
  add column email_index text,
  add column phone_index text;

update contacts set phone = null where phone = '';

drop index contacts_email_once;
create unique index contacts_email_once on contacts (tenant_id, email_index);
create index contacts_by_phone on contacts (tenant_id, phone_index);
