namespace SalesBrain.LocalHost.Demo;

/// <summary>
/// The demo organizations. All people are fictitious: they are named after their roles, and domains end in <c>.example</c>.
/// </summary>
internal static class DemoOrganizations
{
    internal static IReadOnlyList<DemoOrganization> All { get; } =
    [
        new("acme", "Acme Outreach", "America/New_York",
        [
            new("Acme Health Desk", "Example Dental Group", "Health care", "Boston"),
            new("Acme Health Desk", "Example Physiotherapy", "Health care", "Chicago"),
            new("Acme Legal Desk", "Example Law Partners", "Legal services", "New York"),
            new("Acme Legal Desk", "Example Notaries", "Legal services", "Philadelphia"),
        ],
        [
            new("Example Dental Group", "Dental practices, first contact", "active"),
            new("Example Dental Group", "Dental practices, follow-up", "paused"),
            new("Example Physiotherapy", "Clinics near the lake", "active"),
            new("Example Law Partners", "Injury law intake", "completed"),
            new("Example Law Partners", "Estate planning seminar", "active"),
            new("Example Notaries", "Notaries, next quarter", "draft"),
        ]),
        new("globex", "Globex Growth", "Europe/Berlin",
        [
            new("Globex Software Desk", "Example Cloud Tools", "Software", "Berlin"),
            new("Globex Software Desk", "Example Security Scans", "Software", "Vienna"),
            new("Globex Property Desk", "Example Realty", "Real estate", "Hamburg"),
            new("Globex Property Desk", "Example Facility Care", "Facility services", "Munich"),
        ],
        [
            new("Example Cloud Tools", "Trial users, week two", "active"),
            new("Example Cloud Tools", "Cancelled trials", "paused"),
            new("Example Security Scans", "Security audit offer", "active"),
            new("Example Realty", "Sellers, autumn", "completed"),
            new("Example Realty", "Office space", "active"),
            new("Example Facility Care", "Facility managers, next quarter", "draft"),
        ]),
    ];
}

/// <summary>An organization, the clients of its agencies, and the campaigns for them.</summary>
internal sealed record DemoOrganization(
    string Slug, string Name, string Timezone, IReadOnlyList<DemoClient> Clients, IReadOnlyList<DemoCampaign> Campaigns);

internal sealed record DemoClient(string Agency, string Name, string Industry, string City);

internal sealed record DemoCampaign(string Client, string Name, string Status);
