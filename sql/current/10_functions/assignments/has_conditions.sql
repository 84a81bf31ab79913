-- Whether a rule takes only some contacts.
create or replace function app.has_conditions(rule app.assignment_rule) returns boolean
language sql immutable parallel safe
return rule.countries <> '{}' or rule.regions <> '{}' or rule.cities <> '{}' or rule.company_domains <> '{}' or rule.tags <> '{}'
    or rule.campaign_ids <> '{}';
