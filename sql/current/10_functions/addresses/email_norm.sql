-- What is compared of an address that app.clean_email returned: lower case. The same as EmailAddress.Norm in C#.
create or replace function app.email_norm(address text) returns text
language sql immutable strict parallel safe
return normalize(lower(address collate pg_c_utf8), nfc);
