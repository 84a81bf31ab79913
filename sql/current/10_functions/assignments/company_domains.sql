-- The domains a contact's company can be known by: of the e-mail address and of the website, in lower case and ASCII, without www.
create or replace function app.company_domains(email_norm text, website text) returns text[]
language sql immutable parallel safe
return array_remove(array[
    nullif(split_part(email_norm, '@', 2), ''),
    app.plain_domain(substring(btrim(website) from '^(?:[A-Za-z]+://)?(?:[Ww][Ww][Ww][.])?([^/:?#]+)'))], null);
