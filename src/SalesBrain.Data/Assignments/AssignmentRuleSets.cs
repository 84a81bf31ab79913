using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Assignments;
using SalesBrain.Core.Rows;
using SalesBrain.Core.Values;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Assignments;

/// <summary>The rules by which an organization assigns contacts automatically.</summary>
public static class AssignmentRuleSets
{
    /// <summary>The rules in force, in order, and how many contacts wait.</summary>
    public static Task<AssignmentRuleSet> GetAsync(DatabaseSession session, Guid organizationId, CancellationToken cancellationToken) =>
        session.QueryMultipleAsync("""
            select s.assign_new_contacts, s.version, s.updated_by, s.updated_at from app.assignment_ruleset s where s.organization_id = @organizationId;

            select r.id, r.name, r.strategy, r.everybody, r.countries, r.regions, r.cities, r.company_domains, r.tags, r.campaign_ids
            from app.assignment_rule r
            where r.organization_id = @organizationId and r.position > 0
            order by r.position;

            select m.rule_id, m.user_id, m.weight, m.max_open_contacts, m.max_per_day, m.time_zone, m.from_minute, m.to_minute, m.weekdays
            from app.assignment_member m
            where m.organization_id = @organizationId
            order by m.position;

            select count(*) as waiting, min(q.queued_at) as waiting_since from app.assignment_queue q where q.organization_id = @organizationId
            """, new { organizationId },
            async (results, token) =>
            {
                var set = (await results.ReadAsync<AssignmentRuleSet>(token)).SingleOrDefault() ?? new AssignmentRuleSet();
                var rules = await results.ReadAsync<RuleRow>(token);
                var members = (await results.ReadAsync<MemberRow>(token)).ToLookup(member => member.RuleId, member => member.ToMember());
                var queue = (await results.ReadAsync<QueueRow>(token)).Single();
                return set with
                {
                    Id = organizationId,
                    Rules = [.. rules.Select(rule => rule.ToRule([.. members[rule.Id]]))],
                    Waiting = queue.Waiting,
                    WaitingSince = queue.WaitingSince,
                };
            }, cancellationToken);

    /// <summary>Locks the rules until the transaction ends. Waits for running assignments.</summary>
    public static Task LockAsync(DatabaseSession session, Guid organizationId, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            "select pg_advisory_xact_lock(app.assignment_lock('rules', @organizationId))", new { organizationId }, cancellationToken);

    /// <summary>Reads the facts that rules refer to.</summary>
    public static Task<AssignmentRuleFacts> GetFactsAsync(
        DatabaseSession session, Guid organizationId, IReadOnlyCollection<AssignmentRule> rules, CancellationToken cancellationToken)
    {
        var members = rules.SelectMany(rule => rule.Members ?? []).ToList();
        return session.QueryMultipleAsync("""
            select r.id from app.assignment_rule r where r.organization_id = @organizationId and r.position > 0;
            select u.id, app.works_contacts(u.role) as works from app.user u where u.organization_id = @organizationId and u.id = any (@userIds);
            select c.id from app.campaign c where c.organization_id = @organizationId and c.id = any (@campaignIds) and c.deleted_at is null;
            select z.name from app.time_zone_names() as z (name) where cardinality(@timeZones) > 0 and z.name = any (@timeZones)
            """,
            new
            {
                organizationId,
                userIds = members.Select(member => member.UserId).Distinct().ToArray(),
                campaignIds = rules.SelectMany(rule => rule.Conditions.CampaignIds).Distinct().ToArray(),
                timeZones = members.Select(member => member.WorkingHours?.TimeZone).OfType<string>().Distinct().ToArray(),
            },
            async (results, token) => new AssignmentRuleFacts
            {
                RuleIds = (await results.ReadAsync<Guid>(token)).ToHashSet(),
                Users = (await results.ReadAsync<KnownUser>(token)).ToDictionary(user => user.Id, user => user.Works),
                CampaignIds = (await results.ReadAsync<Guid>(token)).ToHashSet(),
                TimeZones = (await results.ReadAsync<string>(token)).ToHashSet(StringComparer.Ordinal),
            }, cancellationToken);
    }

    /// <summary>
    /// Replaces the rules, which must be locked, validated and normalized. Waiting contacts are matched again. If new contacts are no
    /// longer assigned automatically, contacts that wait only because they were new leave the queue.
    /// </summary>
    public static Task ReplaceAsync(DatabaseSession session, AssignmentRuleSetChange change, CancellationToken cancellationToken)
    {
        var rules = change.Rules.Select(
            (rule, i) => (Rule: rule, Id: rule.Id ?? Guid.CreateVersion7(change.Now), Position: i + 1)).ToList();
        return session.ExecuteAsync("""
            -- Those that change below, in the order in which everybody locks several.
            select from app.assignment_queue q
            where q.organization_id = @OrganizationId and (q.rule_id is not null or (q.source = 'new_contact' and not @AssignNewContacts))
            order by q.contact_id
            for update;

            insert into app.assignment_ruleset as s (organization_id, assign_new_contacts, updated_by, updated_at)
            values (@OrganizationId, @AssignNewContacts, @UpdatedBy, @now)
            on conflict (organization_id) do update set
                assign_new_contacts = excluded.assign_new_contacts, version = s.version + 1, updated_by = excluded.updated_by,
                updated_at = excluded.updated_at;

            delete from app.assignment_rule r where r.organization_id = @OrganizationId and r.position > 0 and r.id <> all (@ids);

            insert into app.assignment_rule as r (
                id, organization_id, position, name, strategy, everybody, countries, regions, cities, company_domains, tags, campaign_ids, created_at,
                updated_at)
            select n.id, @OrganizationId, n.position, n.name, n.strategy, n.everybody, n.countries, n.regions, n.cities, n.company_domains, n.tags,
                n.campaign_ids, @now, @now
            from jsonb_to_recordset(@rules::jsonb) as n (
                id uuid, position smallint, name text, strategy text, everybody boolean, countries text[], regions text[], cities text[],
                company_domains text[], tags text[], campaign_ids uuid[])
            on conflict (id) do update set
                position = excluded.position, name = excluded.name, strategy = excluded.strategy, everybody = excluded.everybody,
                countries = excluded.countries, regions = excluded.regions, cities = excluded.cities, company_domains = excluded.company_domains,
                tags = excluded.tags, campaign_ids = excluded.campaign_ids, updated_at = excluded.updated_at
            where r.organization_id = @OrganizationId;

            delete from app.assignment_member m where m.organization_id = @OrganizationId;

            insert into app.assignment_member (
                organization_id, rule_id, user_id, position, weight, max_open_contacts, max_per_day, time_zone, from_minute, to_minute, weekdays)
            select @OrganizationId, n.rule_id, n.user_id, n.position, n.weight, n.max_open_contacts, n.max_per_day, n.time_zone, n.from_minute,
                n.to_minute, n.weekdays
            from jsonb_to_recordset(@members::jsonb) as n (
                rule_id uuid, user_id uuid, position smallint, weight smallint, max_open_contacts integer, max_per_day integer, time_zone text,
                from_minute smallint, to_minute smallint, weekdays smallint[]);

            delete from app.assignment_queue q
            where q.organization_id = @OrganizationId and q.source = 'new_contact' and not @AssignNewContacts;

            update app.assignment_queue q set rule_id = null where q.organization_id = @OrganizationId and q.rule_id is not null
            """,
            new
            {
                change.OrganizationId,
                change.AssignNewContacts,
                change.UpdatedBy,
                now = change.Now.UtcDateTime,
                ids = rules.Select(rule => rule.Id).ToArray(),
                rules = JsonSerializer.Serialize(rules.Select(item => new
                {
                    id = item.Id,
                    position = item.Position,
                    name = item.Rule.Name,
                    strategy = item.Rule.Strategy.ToWireName(),
                    everybody = item.Rule.Members is null,
                    countries = item.Rule.Conditions.Countries,
                    regions = item.Rule.Conditions.Regions,
                    cities = item.Rule.Conditions.Cities,
                    company_domains = item.Rule.Conditions.CompanyDomains,
                    tags = item.Rule.Conditions.Tags,
                    campaign_ids = item.Rule.Conditions.CampaignIds,
                })),
                members = JsonSerializer.Serialize(rules.SelectMany(item => (item.Rule.Members ?? []).Select((member, i) => new
                {
                    rule_id = item.Id,
                    user_id = member.UserId,
                    position = i + 1,
                    weight = member.Weight,
                    max_open_contacts = member.MaxOpenContacts,
                    max_per_day = member.MaxPerDay,
                    time_zone = member.WorkingHours?.TimeZone,
                    from_minute = member.WorkingHours is { } from ? AssignmentRuleChecks.Minute(from.From) : null,
                    to_minute = member.WorkingHours is { } to ? AssignmentRuleChecks.Minute(to.To) : null,
                    weekdays = (member.WorkingHours?.Weekdays ?? Enum.GetValues<Weekday>()).Select(day => (int)day),
                }))),
            }, cancellationToken);
    }

    private sealed record KnownUser
    {
        public Guid Id { get; init; }
        public bool Works { get; init; }
    }

    private sealed record QueueRow
    {
        public long Waiting { get; init; }
        public DateTime? WaitingSince { get; init; }
    }

    private sealed record RuleRow
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string Strategy { get; init; } = "";
        public bool Everybody { get; init; }
        public string[] Countries { get; init; } = [];
        public string[] Regions { get; init; } = [];
        public string[] Cities { get; init; } = [];
        public string[] CompanyDomains { get; init; } = [];
        public string[] Tags { get; init; } = [];
        public Guid[] CampaignIds { get; init; } = [];

        public AssignmentRule ToRule(AssignmentMember[] members) => new()
        {
            Id = Id,
            Name = Name,
            Strategy = WireNames.TryParse<AssignmentStrategy>(Strategy, out var strategy)
                ? strategy
                : throw new InvalidOperationException($"Unknown assignment strategy {Strategy}."),
            Conditions = new AssignmentConditions
            {
                Countries = Countries,
                Regions = Regions,
                Cities = Cities,
                CompanyDomains = CompanyDomains,
                Tags = Tags,
                CampaignIds = CampaignIds,
            },
            Members = Everybody ? null : members,
        };
    }

    private sealed record MemberRow
    {
        public Guid RuleId { get; init; }
        public Guid UserId { get; init; }
        public int Weight { get; init; }
        public int? MaxOpenContacts { get; init; }
        public int? MaxPerDay { get; init; }
        public string? TimeZone { get; init; }
        public int? FromMinute { get; init; }
        public int? ToMinute { get; init; }
        public short[] Weekdays { get; init; } = [];

        public AssignmentMember ToMember() => new()
        {
            UserId = UserId,
            Weight = Weight,
            MaxOpenContacts = MaxOpenContacts,
            MaxPerDay = MaxPerDay,
            WorkingHours = TimeZone is null ? null : new WorkingHours
            {
                TimeZone = TimeZone,
                Weekdays = [.. Weekdays.Select(day => (Weekday)day)],
                From = Time(FromMinute!.Value),
                To = Time(ToMinute!.Value),
            },
        };

        private static string Time(int minute) => $"{minute / 60:00}:{minute % 60:00}";
    }
}

/// <summary>
/// The assignment rules of an organization. Without rules, contacts are assigned in turns to all users whose role can own contacts.
/// </summary>
public sealed record AssignmentRuleSet : IVersionedRow
{
    /// <summary>The organization's.</summary>
    [JsonIgnore]
    public Guid Id { get; init; }

    /// <summary>Whether contacts created by webhooks and imports are assigned automatically.</summary>
    public bool AssignNewContacts { get; init; }

    /// <summary>The rules in order; the first rule that matches a contact takes it.</summary>
    public IReadOnlyList<AssignmentRule> Rules { get; init; } = [];

    /// <summary>Increases with every change; 0 if no rules have been set.</summary>
    public long Version { get; init; }
    public Guid? UpdatedBy { get; init; }
    public DateTime? UpdatedAt { get; init; }

    /// <summary>Number of contacts waiting until a member can take them.</summary>
    public long Waiting { get; init; }

    /// <summary>When the oldest waiting contact was queued; null if none is waiting.</summary>
    public DateTime? WaitingSince { get; init; }
}

/// <summary>The rules that an organization is to have.</summary>
public sealed record AssignmentRuleSetChange
{
    public required Guid OrganizationId { get; init; }
    public required bool AssignNewContacts { get; init; }
    public required IReadOnlyList<AssignmentRule> Rules { get; init; }
    public required Guid UpdatedBy { get; init; }
    public required DateTimeOffset Now { get; init; }
}
