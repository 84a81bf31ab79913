-- Reports read the last change of each lead's status from the index alone.
alter table app.lead_status_change drop constraint lead_status_change_pkey;
alter table app.lead_status_change add constraint lead_status_change_pkey primary key (organization_id, lead_id, number) include (status, at);
