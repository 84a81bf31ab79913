-- When each lead was touched, apart from the lead: every event changes it, and with an index on the lead's own columns every index of the lead is
-- written with every event. Now events change nothing that an index of the lead is on, and pages have room to do that in place.
drop index app.lead_updated_at_idx;
drop index app.lead_last_activity_at_idx;

alter table app.lead set (fillfactor = 85);

create table app.lead_recency (
    organization_id uuid not null,
    lead_id uuid not null,
    updated_at timestamptz not null,
    last_activity_at timestamptz,
    constraint lead_recency_pkey primary key (organization_id, lead_id),
    constraint lead_recency_lead_fkey foreign key (organization_id, lead_id) references app.lead (organization_id, id) on delete cascade
) with (fillfactor = 70);

insert into app.lead_recency (organization_id, lead_id, updated_at, last_activity_at)
select l.organization_id, l.id, l.updated_at, l.last_activity_at
from app.lead l;

create index lead_recency_updated_at_idx on app.lead_recency (organization_id, updated_at, lead_id);
create index lead_recency_last_activity_at_idx on app.lead_recency (organization_id, last_activity_at, lead_id);
