namespace SalesBrain.Core.Assignments;

/// <summary>Which contacts go to whom.</summary>
public sealed record AssignmentRule
{
    /// <summary>Of a rule that is there, whose members keep what they have had by it; null for a new one.</summary>
    public Guid? Id { get; init; }

    /// <summary>What people call it, 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>How its contacts are shared out.</summary>
    public required AssignmentStrategy Strategy { get; init; }

    /// <summary>Which contacts it takes. Every rule but the last has some; the last takes every contact.</summary>
    public AssignmentConditions Conditions { get; init; } = new();

    /// <summary>Who shares its contacts, 1 to 200 users; null = everybody who can work contacts, each at weight 1 and without limits.</summary>
    public AssignmentMember[]? Members { get; init; }
}

/// <summary>How contacts are shared out among the members of a rule.</summary>
public enum AssignmentStrategy
{
    /// <summary>Each to the member who has had the fewest by weight.</summary>
    RoundRobin = 1,

    /// <summary>As many to each as round_robin gives; of contacts assigned together, the highest scores to the highest weights.</summary>
    LeadScore,

    /// <summary>By what the rule's conditions say of the contact, then as round_robin.</summary>
    Territory,
}

/// <summary>
/// What a contact must have: one of the values of each list that is not empty. Texts are compared trimmed and in any letter case; at most 200
/// values a list, of at most 200 characters each.
/// </summary>
public sealed record AssignmentConditions
{
    public string[] Countries { get; init; } = [];
    public string[] Regions { get; init; } = [];
    public string[] Cities { get; init; } = [];

    /// <summary>The domain of the e-mail address or of the website, without <c>www.</c></summary>
    public string[] CompanyDomains { get; init; } = [];
    public string[] Tags { get; init; } = [];

    /// <summary>Campaigns in which the contact has a lead.</summary>
    public Guid[] CampaignIds { get; init; } = [];

    internal IEnumerable<(string Name, string[] Values)> Texts() =>
        [("countries", Countries), ("regions", Regions), ("cities", Cities), ("company_domains", CompanyDomains), ("tags", Tags)];

    internal bool Any() => CampaignIds.Length > 0 || Texts().Any(list => list.Values.Length > 0);
}

/// <summary>A user who shares a rule's contacts.</summary>
public sealed record AssignmentMember
{
    public required Guid UserId { get; init; }

    /// <summary>Contacts in proportion to the other members', 1 to 100.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Most contacts that are assigned to the user at a time, whoever assigned them, 1 to 100,000; null = no limit.</summary>
    public int? MaxOpenContacts { get; init; }

    /// <summary>Most contacts in one day of the organization's time zone, whoever assigned them, 1 to 100,000; null = no limit.</summary>
    public int? MaxPerDay { get; init; }

    /// <summary>When the user takes contacts; null = always.</summary>
    public WorkingHours? WorkingHours { get; init; }
}

/// <summary>A range of every week. One whose end is not after its beginning reaches into the next day.</summary>
public sealed record WorkingHours
{
    /// <summary>An IANA name such as <c>Europe/Berlin</c>.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The days on which it begins; by default all.</summary>
    public Weekday[] Weekdays { get; init; } = Enum.GetValues<Weekday>();

    /// <summary>Local time such as <c>09:00</c>.</summary>
    public required string From { get; init; }

    /// <summary>Local time, to <c>24:00</c>; the minute itself does not belong to it.</summary>
    public required string To { get; init; }
}

/// <summary>Days as ISO 8601 counts them.</summary>
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
