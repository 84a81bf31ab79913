alter table app.mail_limit enable row level security;
alter table app.mail_limit force row level security;
select app.drop_policies('app.mail_limit');

create policy owner_all on app.mail_limit to current_user using (true) with check (true);

-- An address receives mails from several organizations, and requests come before the organization is known.
create policy platform_all on app.mail_limit to salesbrain_platform using (true) with check (true);

revoke all on app.mail_limit from public, salesbrain_tenant, salesbrain_platform;
grant select, insert, update, delete on app.mail_limit to salesbrain_platform;
