using System.Globalization;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Assignments;

/// <summary>Validates a list of assignment rules.</summary>
public static class AssignmentRuleChecks
{
    /// <summary>Most rules of an organization.</summary>
    public const int MaxRules = 100;

    internal const int MaxMembers = 200;
    internal const int MaxWeight = 100;
    internal const int MaxCap = 100_000;
    internal const int MaxValues = 200;
    internal const int MaxText = 200;

    /// <summary>All problems, each with the path of its field below <c>rules</c>. Empty if the rules are valid.</summary>
    public static IEnumerable<(string Path, string Message)> Problems(IReadOnlyList<AssignmentRule> rules, AssignmentRuleFacts facts)
    {
        if (rules.Count > MaxRules)
        {
            yield return ("", $"must have at most {MaxRules} items");
        }
        var ids = new HashSet<Guid>();
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            if (rule.Id is { } id && (!facts.RuleIds.Contains(id) || !ids.Add(id)))
            {
                yield return ($"[{i}].id", ids.Contains(id) ? "is given more than once" : "must be the id of one of the organization's rules; leave it out for a new rule");
            }
            if (string.IsNullOrWhiteSpace(rule.Name) || CodePoints.Count(rule.Name) > MaxText)
            {
                yield return ($"[{i}].name", $"must be 1 to {MaxText} characters and not blank");
            }
            foreach (var (path, message) in OfPlace(rule, isLast: i == rules.Count - 1).Concat(OfConditions(rule.Conditions, facts)).Concat(OfMembers(rule.Members, facts)))
            {
                yield return ($"[{i}].{path}", message);
            }
        }
    }

    /// <summary>The minute of the day of <c>09:30</c>; null when it is no time of a day. The end of a day is 24:00.</summary>
    public static int? Minute(string text) =>
        text == "24:00" ? 24 * 60
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? (time.Hour * 60) + time.Minute
        : null;

    private static IEnumerable<(string Path, string Message)> OfPlace(AssignmentRule rule, bool isLast)
    {
        var any = rule.Conditions.Any();
        if (isLast && any)
        {
            yield return ("conditions", "must be empty in the last rule, which takes all remaining contacts; add such a rule at the end");
        }
        if (!isLast && !any)
        {
            yield return ("conditions", "must not all be empty, because the rules after this one would never apply");
        }
        if (isLast && !any && rule.Strategy == AssignmentStrategy.Territory)
        {
            yield return ("strategy", "must be round_robin or lead_score: a rule without conditions has no territory");
        }
    }

    private static IEnumerable<(string Path, string Message)> OfConditions(AssignmentConditions conditions, AssignmentRuleFacts facts)
    {
        foreach (var (name, values) in conditions.Texts())
        {
            if (values.Length > MaxValues)
            {
                yield return ($"conditions.{name}", $"must have at most {MaxValues} items");
            }
            for (var i = 0; i < values.Length; i++)
            {
                if (string.IsNullOrWhiteSpace(values[i]) || CodePoints.Count(values[i]) > MaxText)
                {
                    yield return ($"conditions.{name}[{i}]", $"must be 1 to {MaxText} characters and not blank");
                }
            }
        }
        if (conditions.CampaignIds.Length > MaxValues)
        {
            yield return ("conditions.campaign_ids", $"must have at most {MaxValues} items");
        }
        for (var i = 0; i < conditions.CampaignIds.Length; i++)
        {
            if (!facts.CampaignIds.Contains(conditions.CampaignIds[i]))
            {
                yield return ($"conditions.campaign_ids[{i}]", "must be the id of one of the organization's campaigns");
            }
        }
    }

    private static IEnumerable<(string Path, string Message)> OfMembers(AssignmentMember[]? members, AssignmentRuleFacts facts)
    {
        if (members is null)
        {
            yield break;
        }
        if (members.Length is 0 or > MaxMembers)
        {
            yield return ("members", $"must have 1 to {MaxMembers} items, or be null for all users");
        }
        var users = new HashSet<Guid>();
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[i];
            if (!facts.Users.TryGetValue(member.UserId, out var works))
            {
                yield return ($"members[{i}].user_id", "must be the id of one of the organization's users");
            }
            else if (!works)
            {
                yield return ($"members[{i}].user_id", "must be a user whose role can own contacts: owner, admin, member, agency_admin or agency_staff");
            }
            if (!users.Add(member.UserId))
            {
                yield return ($"members[{i}].user_id", "is given more than once");
            }
            if (member.Weight is < 1 or > MaxWeight)
            {
                yield return ($"members[{i}].weight", $"must be from 1 to {MaxWeight}");
            }
            if (member.MaxOpenContacts is < 1 or > MaxCap)
            {
                yield return ($"members[{i}].max_open_contacts", $"must be from 1 to {MaxCap}");
            }
            if (member.MaxPerDay is < 1 or > MaxCap)
            {
                yield return ($"members[{i}].max_per_day", $"must be from 1 to {MaxCap}");
            }
            if (member.WorkingHours is { } hours)
            {
                foreach (var (path, message) in OfHours(hours, facts))
                {
                    yield return ($"members[{i}].working_hours.{path}", message);
                }
            }
        }
    }

    private static IEnumerable<(string Path, string Message)> OfHours(WorkingHours hours, AssignmentRuleFacts facts)
    {
        if (!facts.TimeZones.Contains(hours.TimeZone))
        {
            yield return ("time_zone", "must be the IANA name of a time zone, such as Europe/Berlin");
        }
        if (hours.Weekdays.Length == 0 || hours.Weekdays.Distinct().Count() < hours.Weekdays.Length)
        {
            yield return ("weekdays", "must have at least one day, and each day only once");
        }
        if (Minute(hours.From) is null or 24 * 60)
        {
            yield return ("from", "must be a time from 00:00 to 23:59");
        }
        if (Minute(hours.To) is null or 0)
        {
            yield return ("to", "must be a time from 00:01 to 24:00; 24:00 is the end of the day");
        }
        else if (hours.From == hours.To)
        {
            yield return ("to", "must not be the same time as from; for a whole day use 00:00 to 24:00");
        }
    }
}

/// <summary>The existing ids and names that rules can refer to.</summary>
public sealed record AssignmentRuleFacts
{
    /// <summary>The organization's rules.</summary>
    public required IReadOnlySet<Guid> RuleIds { get; init; }

    /// <summary>Users of the organization, and whether their role works contacts.</summary>
    public required IReadOnlyDictionary<Guid, bool> Users { get; init; }
    public required IReadOnlySet<Guid> CampaignIds { get; init; }

    /// <summary>Names of time zones that are known.</summary>
    public required IReadOnlySet<string> TimeZones { get; init; }
}
