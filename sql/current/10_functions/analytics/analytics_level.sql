-- Which rows of app.analytics_day and app.analytics_group answer for a scope: those of the narrowest that is given.
create or replace function app.analytics_level(agency uuid, client uuid, campaign uuid) returns text
language sql immutable parallel safe
return case when campaign is not null then 'campaign' when client is not null then 'client' when agency is not null then 'agency'
    else 'organization' end;
