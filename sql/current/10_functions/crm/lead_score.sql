-- The factor of the recency in a lead's score: it halves with every half-life since the last activity, counted in whole days, so that 14
-- days ago is half of it all day long. A negative age counts as 0. With 12 decimals, so that C# computes the same number.
create or replace function app.lead_recency_factor(days integer, half_life_days integer) returns numeric
language sql immutable parallel safe
-- Beyond 64 half-lives the factor is 0 in 12 decimals, and far beyond power() fails.
return round(power(0.5::float8, least(greatest(days, 0)::float8 / half_life_days, 64))::numeric, 12);

-- The score of a lead, 0 to 100, the same as LeadScore in C#; a test compares the two. `active_at` is the last activity, or when the lead
-- was created if it has none. `weights` are app.organization.lead_score_weights, null for the defaults.
create or replace function app.lead_score(
    status text, qualification_score integer, priority text, active_at timestamptz, at timestamptz, weights jsonb) returns smallint
language sql immutable parallel safe
return least(100, greatest(0, round(
    coalesce(
        (weights -> 'status' ->> status)::numeric,
        case status when 'converted' then 35 when 'qualified' then 30 when 'responded' then 25 when 'contacted' then 15 when 'new' then 10 else 0 end)
    + coalesce((weights ->> 'qualification')::numeric, 7) * coalesce(qualification_score, 0)
    + coalesce(
        (weights -> 'priority' ->> priority)::numeric,
        case priority when 'urgent' then 15 when 'high' then 12 when 'medium' then 7 else 3 end)
    + coalesce((weights ->> 'recency')::numeric, 15) * app.lead_recency_factor(
        floor(extract(epoch from at - active_at) / 86400)::integer,
        coalesce((weights ->> 'half_life_days')::numeric, 14)::integer))))::smallint;
