namespace SalesBrain.LocalHost.Sandbox.Genesys;

/// <summary>A person of the sandbox, who can sign in.</summary>
public sealed record GenesysPerson(string Id, string Name, string Email, string OrganizationId, string OrganizationName)
{
    public string State { get; init; } = "active";

    public string OrganizationState { get; init; } = "active";

    /// <summary>The organization that they belong to, if they work in another one.</summary>
    public string? HomeOrganizationId { get; init; }

    /// <summary>People of the two demo organizations, and one of an organization that no tenant is mapped to.</summary>
    internal static IReadOnlyList<GenesysPerson> All { get; } =
    [
        new("11111111-1111-4111-8111-111111111111", "Ada Agent", "ada@acme.example", GenesysSandbox.OrganizationOf("acme"), "Acme"),
        new("11111111-1111-4111-8111-111111111112", "Ben Agent", "ben@acme.example", GenesysSandbox.OrganizationOf("acme"), "Acme"),
        new("11111111-1111-4111-8111-111111111113", "Ina Inactive", "ina@acme.example", GenesysSandbox.OrganizationOf("acme"), "Acme")
        {
            State = "inactive",
        },
        new("11111111-1111-4111-8111-111111111114", "Gus Globex", "gus@globex.example", GenesysSandbox.OrganizationOf("globex"), "Globex"),
        new(
            "11111111-1111-4111-8111-111111111115", "Ned Nowhere", "ned@nowhere.example", "33333333-3333-4333-8333-333333333399",
            "Nowhere"),
        new("11111111-1111-4111-8111-111111111116", "Vic Visitor", "vic@globex.example", GenesysSandbox.OrganizationOf("acme"), "Acme")
        {
            HomeOrganizationId = GenesysSandbox.OrganizationOf("globex"),
        },
    ];
}
