alter table app.onboarding_guess enable row level security;
alter table app.onboarding_guess force row level security;
select app.drop_policies('app.onboarding_guess');

create policy owner_all on app.onboarding_guess to current_user using (true) with check (true);

create policy platform_all on app.onboarding_guess to salesbrain_platform using (true) with check (true);

revoke all on app.onboarding_guess from public, salesbrain_tenant, salesbrain_platform;
-- Counted only by app.find_onboarding_link. The platform deletes expired rows; locking them requires the update privilege.
grant select, update, delete on app.onboarding_guess to salesbrain_platform;
