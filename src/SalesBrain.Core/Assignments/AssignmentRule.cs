using SalesBrain.Core.Values;

namespace SalesBrain.Core.Assignments;

/// <summary>An assignment rule: which contacts go to which users.</summary>
public sealed record AssignmentRule
{
    /// <summary>The id of an existing rule, which keeps the counts of its members; null for a new rule.</summary>
    public Guid? Id { get; init; }

    /// <summary>Display name, 1 to 200 characters.</summary>
    [Accepts(MinLength = 1, MaxLength = AssignmentRuleChecks.MaxText, Pattern = TextPatterns.NotBlank)]
    public required string Name { get; init; }

    /// <summary>How contacts are distributed among the members.</summary>
    public required AssignmentStrategy Strategy { get; init; }

    /// <summary>
    /// Which contacts the rule takes. Every rule except the last needs conditions; the last rule takes all remaining contacts.
    /// </summary>
    public AssignmentConditions Conditions { get; init; } = new();

    /// <summary>
    /// The users who take its contacts, 1 to 200; null for all users whose role can own contacts, each with weight 1 and without limits.
    /// </summary>
    [Accepts(MinItems = 1, MaxItems = AssignmentRuleChecks.MaxMembers)]
    public AssignmentMember[]? Members { get; init; }

    /// <summary>
    /// The rule as it is stored: texts trimmed, no value twice, weekdays in order. Two rules that mean the same are then equal as JSON.
    /// </summary>
    public AssignmentRule Normalized() => this with
    {
        Name = Name.Trim(),
        Conditions = Conditions.Normalized(),
        Members = Members?.Select(member => member with
        {
            WorkingHours = member.WorkingHours is { } hours ? hours with { Weekdays = [.. hours.Weekdays.Order()] } : null,
        }).ToArray(),
    };
}

/// <summary>How contacts are distributed among the members of a rule.</summary>
public enum AssignmentStrategy
{
    /// <summary>Each to the member who has had the fewest by weight.</summary>
    RoundRobin = 1,

    /// <summary>
    /// The same number of contacts per user as round_robin. Among contacts assigned together, the highest scores go to the highest weights.
    /// </summary>
    LeadScore,

    /// <summary>By the rule's conditions, then as round_robin.</summary>
    Territory,
}

/// <summary>
/// Conditions on a contact. For every list that is not empty, the contact must match one of its values. Texts are compared trimmed and
/// case-insensitively. A list has at most 200 values of at most 200 characters.
/// </summary>
public sealed record AssignmentConditions
{
    [Accepts(
        MinLength = 1, MaxLength = AssignmentRuleChecks.MaxText, Pattern = TextPatterns.NotBlank,
        MaxItems = AssignmentRuleChecks.MaxValues)]
    public string[] Countries { get; init; } = [];
    [Accepts(
        MinLength = 1, MaxLength = AssignmentRuleChecks.MaxText, Pattern = TextPatterns.NotBlank,
        MaxItems = AssignmentRuleChecks.MaxValues)]
    public string[] Regions { get; init; } = [];
    [Accepts(
        MinLength = 1, MaxLength = AssignmentRuleChecks.MaxText, Pattern = TextPatterns.NotBlank,
        MaxItems = AssignmentRuleChecks.MaxValues)]
    public string[] Cities { get; init; } = [];

    /// <summary>The domain of the e-mail address or of the website, without <c>www.</c></summary>
    [Accepts(
        MinLength = 1, MaxLength = AssignmentRuleChecks.MaxText, Pattern = TextPatterns.NotBlank,
        MaxItems = AssignmentRuleChecks.MaxValues)]
    public string[] CompanyDomains { get; init; } = [];
    [Accepts(
        MinLength = 1, MaxLength = AssignmentRuleChecks.MaxText, Pattern = TextPatterns.NotBlank,
        MaxItems = AssignmentRuleChecks.MaxValues)]
    public string[] Tags { get; init; } = [];

    /// <summary>The contact must have a lead in one of these campaigns.</summary>
    [Accepts(MaxItems = AssignmentRuleChecks.MaxValues)]
    public Guid[] CampaignIds { get; init; } = [];

    internal IEnumerable<(string Name, string[] Values)> Texts() =>
        [("countries", Countries), ("regions", Regions), ("cities", Cities), ("company_domains", CompanyDomains), ("tags", Tags)];

    internal AssignmentConditions Normalized() => this with
    {
        Countries = Distinct(Countries),
        Regions = Distinct(Regions),
        Cities = Distinct(Cities),
        CompanyDomains = Distinct(CompanyDomains),
        Tags = Distinct(Tags),
        CampaignIds = [.. CampaignIds.Distinct()],
    };

    internal bool Any() => CampaignIds.Length > 0 || Texts().Any(list => list.Values.Length > 0);

    private static string[] Distinct(string[] values) =>
        [.. values.Select(value => value.Trim()).Distinct(StringComparer.OrdinalIgnoreCase)];
}

/// <summary>A user who takes contacts of a rule.</summary>
public sealed record AssignmentMember
{
    public required Guid UserId { get; init; }

    /// <summary>Share of contacts relative to the other members, 1 to 100.</summary>
    [Accepts(Minimum = 1, Maximum = AssignmentRuleChecks.MaxWeight)]
    public int Weight { get; init; } = 1;

    /// <summary>
    /// Maximum number of contacts assigned to the user at a time, including manual assignments, 1 to 100,000; null for no limit.
    /// </summary>
    [Accepts(Minimum = 1, Maximum = AssignmentRuleChecks.MaxCap)]
    public int? MaxOpenContacts { get; init; }

    /// <summary>
    /// Maximum number of contacts assigned to the user per day of the organization's time zone, including manual assignments, 1 to 100,000;
    /// null for no limit.
    /// </summary>
    [Accepts(Minimum = 1, Maximum = AssignmentRuleChecks.MaxCap)]
    public int? MaxPerDay { get; init; }

    /// <summary>When the user takes contacts; null for always.</summary>
    public WorkingHours? WorkingHours { get; init; }
}

/// <summary>Weekly working hours. A period whose end is not after its start continues into the next day.</summary>
public sealed record WorkingHours
{
    /// <summary>An IANA name such as <c>Europe/Berlin</c>.</summary>
    [Accepts(Pattern = TextPatterns.TimeZone)]
    public required string TimeZone { get; init; }

    /// <summary>The days on which the period starts. Default: all days.</summary>
    [Accepts(MinItems = 1, MaxItems = 7, UniqueItems = true)]
    public Weekday[] Weekdays { get; init; } = Enum.GetValues<Weekday>();

    /// <summary>Start, as local time, such as <c>09:00</c>.</summary>
    [Accepts(Pattern = TextPatterns.StartTime)]
    public required string From { get; init; }

    /// <summary>End (exclusive), as local time, up to <c>24:00</c>.</summary>
    [Accepts(Pattern = TextPatterns.EndTime)]
    public required string To { get; init; }
}

/// <summary>Days of the week.</summary>
public enum Weekday
{
    Monday = 1,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}
