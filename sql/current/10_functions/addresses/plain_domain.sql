-- A domain as domains are compared: in lower case and ASCII. What is no domain is in lower case only.
create or replace function app.plain_domain(domain text) returns text
language sql immutable parallel safe
return case when domain ~ '[^\u0001-\u007F]' then coalesce(app.ascii_domain(domain), lower(domain)) else lower(domain) end;
