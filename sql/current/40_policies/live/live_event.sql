alter table app.live_event enable row level security;
alter table app.live_event force row level security;
select app.drop_policies('app.live_event');

create policy owner_all on app.live_event to current_user using (true) with check (true);

create policy platform_all on app.live_event to salesbrain_platform using (true) with check (true);

create policy fence on app.live_event as restrictive to salesbrain_tenant
    using (organization_id = (select app.current_org_id()))
    with check (organization_id = (select app.current_org_id()));

-- As the rows that the events tell of; LiveAudience has the same rules for streams, and a test compares the two. Logs have neither agency
-- nor client nor user, so only roles that read the organization see their events.
create policy select_scope on app.live_event for select to salesbrain_tenant
    using (case audience
        when 'person' then user_id = (select app.current_user_id())
        when 'job' then (select app.is_role('owner', 'admin', 'member')) or agency_id = (select app.current_agency_id())
        when 'data_source' then (select app.is_role('owner', 'admin', 'member'))
            or ((select app.is_role('agency_admin', 'agency_staff')) and (agency_id is null or agency_id = (select app.current_agency_id())))
        when 'conversation' then (select app.is_role('owner', 'admin', 'agent_supervisor'))
            or ((select app.is_role('agent')) and (user_id is null or user_id = (select app.current_user_id())))
        else user_id = (select app.current_user_id()) or (select app.reads_organization())
            or agency_id = (select app.current_agency_id()) or client_id = (select app.current_client_id())
        end);

revoke all on app.live_event from public, salesbrain_tenant, salesbrain_platform;
-- Written by triggers only.
grant select on app.live_event to salesbrain_tenant, salesbrain_platform;
