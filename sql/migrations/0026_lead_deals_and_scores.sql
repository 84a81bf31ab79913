-- Deals of leads, their versions, and what scores are computed with.

-- The organization's weights of the lead score (settings.lead_score); null = the defaults. Settings are free JSON, and older ones were not
-- checked: weights of which one is not a number in its bounds count as none, because a score must never fail. Kept in a column, because
-- processing events asks for them. A stored column keeps what this function returns, so it is never replaced: a change takes another name.
create function app.lead_score_weights(settings jsonb) returns jsonb
language sql immutable parallel safe
return case
    when jsonb_typeof(settings -> 'lead_score') = 'object'
        and coalesce(jsonb_typeof(settings -> 'lead_score' -> 'status'), 'object') = 'object'
        and coalesce(jsonb_typeof(settings -> 'lead_score' -> 'priority'), 'object') = 'object'
        and not jsonb_path_exists(
            coalesce(settings -> 'lead_score' -> 'status', '{}'), 'strict $.* ? (@.type() != "number" || @ < 0 || @ > 100)')
        and not jsonb_path_exists(
            coalesce(settings -> 'lead_score' -> 'priority', '{}'), 'strict $.* ? (@.type() != "number" || @ < 0 || @ > 100)')
        and not jsonb_path_exists(
            coalesce(settings -> 'lead_score' -> 'qualification', '7'), 'strict $ ? (@.type() != "number" || @ < 0 || @ > 100)')
        and not jsonb_path_exists(
            coalesce(settings -> 'lead_score' -> 'recency', '15'), 'strict $ ? (@.type() != "number" || @ < 0 || @ > 100)')
        and not jsonb_path_exists(
            coalesce(settings -> 'lead_score' -> 'half_life_days', '14'),
            'strict $ ? (@.type() != "number" || @ < 1 || @ > 365 || @.floor() != @)')
    then settings -> 'lead_score'
end;

alter table app.organization
    add column lead_score_weights jsonb generated always as (app.lead_score_weights(settings)) stored;

-- contact.lead_score is not read any more: app.contact_lead_score takes the best score of the contact's leads. Keeping it in the contact would
-- lock the contact with every event. The column goes with a migration once no older instance runs.

-- Constant defaults: the table is not rewritten. The constraints are not validated, because validating reads the whole table under a lock
-- and existing rows have no values; every new value is checked.
alter table app.lead
    -- What an ETag names. Raised by people's changes and by events that change what people edit, see raise_version.sql.
    add column version bigint not null default 1,
    add column deal_amount numeric(14, 2),
    add column deal_currency text,
    -- Who entered the amount: a person's own entry stays, whatever webhooks say.
    add column deal_entered_by text,
    -- When the event that brought the amount happened; only a newer one replaces it. A person's entry has 'infinity', so no event does.
    add column deal_at timestamptz,
    add column expected_close_date date,
    -- When the lead became converted or rejected; null while it is neither.
    add column closed_at timestamptz;

alter table app.lead
    add constraint lead_deal_amount_check check (deal_amount >= 0) not valid,
    add constraint lead_deal_currency_check check (deal_currency ~ '^[A-Z]{3}$') not valid,
    add constraint lead_deal_entered_by_check check (
        deal_entered_by in ('person', 'webhook') and (deal_amount is null) = (deal_entered_by is null) and (deal_amount is null) = (deal_at is null)) not valid;

-- A person may take the interest away, which counts until a newer event: then there is a time without an interest.
alter table app.lead
    drop constraint lead_interest_at_check,
    add constraint lead_interest_at_check check (interest is null or interest_at is not null) not valid;

-- When leads were closed that are closed already: their last activity is the closest. Read by the index of statuses.
update app.lead l set closed_at = coalesce(l.last_activity_at, l.updated_at)
where l.organization_id in (select o.id from app.organization o) and l.sort_status in (5, 6) and l.deleted_at is null;

-- Scores change with events, so what lists sort by is beside the times that events change: with an index on the lead's own column, every index of
-- the lead is written when its score changes.
alter table app.lead_recency add column score smallint not null default 0;

update app.lead_recency r set score = l.score
from app.lead l
where l.organization_id = r.organization_id and l.id = r.lead_id and l.score <> 0;

create index lead_recency_score_idx on app.lead_recency (organization_id, score, lead_id);
drop index app.lead_score_idx;

-- Leads by their custom fields. Few leads have any.
create index lead_custom_fields_idx on app.lead using gin (organization_id, custom_fields jsonb_path_ops)
    where deleted_at is null and custom_fields <> '{}';

-- The amount that an event carries.
alter type app.webhook_effect
    add attribute deal_amount numeric(14, 2),
    add attribute deal_currency text;
