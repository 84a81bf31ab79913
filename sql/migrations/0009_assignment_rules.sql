-- How an organization assigns contacts automatically. An organization without a row here, or without rules of its own, has the defaults.
create table app.assignment_ruleset (
    organization_id uuid not null references app.organization (id),
    -- Whether contacts that webhooks and imports create are assigned without being asked for.
    assign_new_contacts boolean not null default false,
    -- Rises with every change of the rules.
    version integer not null default 1,
    updated_by uuid,
    updated_at timestamptz not null default now(),
    constraint assignment_ruleset_pkey primary key (organization_id)
);

-- Which contacts go to whom: the first rule that matches a contact, by position. Texts are compared trimmed and without regard to letter case;
-- an empty list of conditions matches everybody.
create table app.assignment_rule (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references app.organization (id),
    -- 1, 2, 3 …; 0 is the rule in force while there is no other: everybody who can work contacts takes turns.
    position smallint not null,
    name text not null,
    strategy text not null,
    -- Whether everybody who can work contacts is a member, at weight 1 and without caps, instead of those in app.assignment_member.
    everybody boolean not null default false,
    countries text[] not null default '{}',
    regions text[] not null default '{}',
    cities text[] not null default '{}',
    company_domains text[] not null default '{}',
    tags text[] not null default '{}',
    campaign_ids uuid[] not null default '{}',
    -- The least weighted count of those who could take a contact when one was assigned last: where whoever joins or returns begins.
    level double precision not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint assignment_rule_organization_id_key unique (organization_id, id),
    -- Deferred, so that rules can change places.
    constraint assignment_rule_position_key unique (organization_id, position) deferrable initially deferred,
    constraint assignment_rule_position_check check (position >= 0),
    constraint assignment_rule_name_check check (char_length(name) between 1 and 200),
    constraint assignment_rule_strategy_check check (strategy in ('round_robin', 'lead_score', 'territory'))
) with (fillfactor = 70);

create unique index assignment_rule_default_key on app.assignment_rule (organization_id) where position = 0;

-- Who shares the contacts of a rule.
create table app.assignment_member (
    organization_id uuid not null references app.organization (id),
    rule_id uuid not null,
    user_id uuid not null,
    position smallint not null,
    weight smallint not null default 1,
    -- Most contacts assigned to the user at a time, and in one day of the organization's time zone, whoever assigned them; null = no limit.
    max_open_contacts integer,
    max_per_day integer,
    -- Working hours: minutes of the local day; a range whose end is not after its beginning reaches into the next day. Null = always.
    time_zone text,
    from_minute smallint,
    to_minute smallint,
    -- 1 = Monday … 7 = Sunday: the day a range begins on.
    weekdays smallint[] not null default '{1,2,3,4,5,6,7}',
    constraint assignment_member_pkey primary key (organization_id, rule_id, user_id),
    constraint assignment_member_rule_fkey foreign key (organization_id, rule_id) references app.assignment_rule (organization_id, id) on delete cascade,
    constraint assignment_member_user_fkey foreign key (organization_id, user_id) references app.user (organization_id, id),
    constraint assignment_member_weight_check check (weight between 1 and 100),
    constraint assignment_member_max_open_contacts_check check (max_open_contacts between 1 and 100000),
    constraint assignment_member_max_per_day_check check (max_per_day between 1 and 100000),
    constraint assignment_member_hours_check check (num_nonnulls(time_zone, from_minute, to_minute) in (0, 3)),
    constraint assignment_member_from_minute_check check (from_minute between 0 and 1439),
    constraint assignment_member_to_minute_check check (to_minute between 1 and 1440)
);

-- How much each user has had from a rule's pool. The weighted count, by which turns are taken, is start_level + taken / weight; it starts
-- anew, from where it stands, when the weight changes and when the user was left behind by the pool's level.
create table app.assignment_turn (
    organization_id uuid not null references app.organization (id),
    rule_id uuid not null,
    user_id uuid not null,
    start_level double precision not null default 0,
    taken integer not null default 0,
    weight smallint not null default 1,
    constraint assignment_turn_pkey primary key (organization_id, rule_id, user_id),
    constraint assignment_turn_rule_fkey foreign key (organization_id, rule_id) references app.assignment_rule (organization_id, id) on delete cascade,
    constraint assignment_turn_user_fkey foreign key (organization_id, user_id) references app.user (organization_id, id)
) with (fillfactor = 50);

-- Contacts that wait to be assigned.
create table app.assignment_queue (
    organization_id uuid not null references app.organization (id),
    contact_id uuid not null,
    -- Who put it here: the contact is new, or somebody asked for it to be assigned and nobody could take it.
    source text not null,
    queued_at timestamptz not null,
    -- The rule that matched when it was tried last; null = not tried since it was queued or since the rules changed.
    rule_id uuid,
    constraint assignment_queue_pkey primary key (organization_id, contact_id),
    constraint assignment_queue_contact_fkey foreign key (organization_id, contact_id) references app.contact (organization_id, id) on delete cascade,
    constraint assignment_queue_rule_fkey foreign key (organization_id, rule_id) references app.assignment_rule (organization_id, id)
        on delete set null (rule_id),
    constraint assignment_queue_source_check check (source in ('new_contact', 'request'))
);

create index assignment_queue_untried_idx on app.assignment_queue (organization_id, queued_at, contact_id) where rule_id is null;
create index assignment_queue_rule_idx on app.assignment_queue (organization_id, rule_id, queued_at, contact_id) where rule_id is not null;

-- Why an automatic assignment went to this user; see app.assign_contacts.
alter table app.user_contact_assignment
    add column reason jsonb,
    add constraint user_contact_assignment_reason_check check (jsonb_typeof(reason) = 'object');

-- A user's active assignments, newest first; how many they are; how many there were today.
create index user_contact_assignment_user_idx on app.user_contact_assignment (organization_id, user_id, status, assigned_at desc, id desc);
create index user_campaign_assignment_user_idx on app.user_campaign_assignment (organization_id, user_id, status, assigned_at desc, id desc);

-- Between the steps of app.assign_contacts: a contact and the rule it matches, in the order in which contacts are served.
create type app.assignment_match as (
    contact_id uuid,
    number bigint,
    rule_id uuid,
    lead_score smallint
);

-- A member of a rule's pool as app.assignment_candidates sees it.
create type app.assignment_candidate as (
    user_id uuid,
    position smallint,
    weight smallint,
    start_level double precision,
    taken integer,
    -- Contacts the caps leave room for; null = no limit.
    remaining integer,
    -- Why the user cannot take a contact now: inactive, role, off_hours, max_open_contacts, max_per_day; null = can.
    obstacle text
);

-- Who gets which contact.
create type app.assignment_choice as (
    contact_id uuid,
    user_id uuid,
    weight smallint,
    -- The user's weighted count before it.
    level double precision,
    lead_score smallint
);
