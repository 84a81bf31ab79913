using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

/// <summary>An organization with one of everything, and what stands beside it.</summary>
public sealed record CrmPlace
{
    public required Guid OrganizationId { get; init; }
    public required Guid AgencyId { get; init; }
    public required Guid ClientId { get; init; }

    /// <summary>An agency and a client to which nothing belongs.</summary>
    public required Guid EmptyAgencyId { get; init; }
    public required Guid EmptyClientId { get; init; }

    /// <summary>Somebody whom administrators of the agency manage, and somebody whom those of the client do; both are invited.</summary>
    public required TestUser Staff { get; init; }
    public required TestUser ClientUser { get; init; }

    public static async Task<CrmPlace> CreateAsync(TestApp app)
    {
        var organization = await app.CreateOrganizationAsync();
        await app.CreateUserAsync("owner", organization);
        var agency = await app.CreateAgencyAsync(organization);
        var client = await app.CreateClientAsync(organization, agency);
        return new CrmPlace
        {
            OrganizationId = organization,
            AgencyId = agency,
            ClientId = client,
            EmptyAgencyId = await app.CreateAgencyAsync(organization),
            EmptyClientId = await app.CreateClientAsync(organization, agency),
            Staff = await app.CreateUserAsync("agency_staff", organization, agency, status: "invited"),
            ClientUser = await app.CreateUserAsync("client_user", organization, clientId: client, status: "invited"),
        };
    }

    /// <summary>A user of the role here: of the agency or the client where the role has one.</summary>
    public Task<TestUser> CreateUserAsync(TestApp app, string role) => app.CreateUserAsync(
        role,
        role.StartsWith("sb_", StringComparison.Ordinal) ? null : OrganizationId,
        role.StartsWith("agency_", StringComparison.Ordinal) ? AgencyId : null,
        role.StartsWith("client_", StringComparison.Ordinal) ? ClientId : null);
}

/// <summary>A call and who may make it.</summary>
public sealed record CrmCall(HttpMethod Method, string Path, string? Body, string[] AllowedRoles)
{
    public Task<HttpResponseMessage> SendAsync(HttpClient client) => client.SendAsync(Method, Path, Body);

    public override string ToString() => $"{Method} {Path} {Body}";
}

/// <summary>Every call of the CRM.</summary>
public static class CrmCalls
{
    private static readonly string[] Everybody =
    [
        "sb_admin", "sb_operator", "owner", "admin", "member", "agency_admin", "agency_staff", "client_admin", "client_staff", "client_user", "read_only",
    ];

    private static readonly string[] Running = ["sb_admin", "owner", "admin"];
    private static readonly string[] SeesAgencies = [.. Everybody.Where(role => !role.StartsWith("client_", StringComparison.Ordinal))];

    /// <summary>Calls on everything of a kind, or for a new one.</summary>
    public static IEnumerable<CrmCall> OnAll(CrmPlace place)
    {
        var number = Guid.NewGuid().ToString("N")[..12];
        return
        [
            new(HttpMethod.Get, CrmWorld.Organizations, null, Everybody),
            new(HttpMethod.Post, CrmWorld.Organizations, $$"""{"name": "Made {{number}}"}""", ["sb_admin"]),
            new(HttpMethod.Get, CrmWorld.Agencies, null, SeesAgencies),
            new(HttpMethod.Post, CrmWorld.Agencies, $$"""{"name": "Made", "organization_id": "{{place.OrganizationId}}"}""", Running),
            new(HttpMethod.Get, CrmWorld.Clients, null, Everybody),
            new(HttpMethod.Post, CrmWorld.Clients, $$"""{"name": "Made", "agency_id": "{{place.AgencyId}}"}""", [.. Running, "agency_admin"]),
            new(HttpMethod.Get, CrmWorld.Users, null, Everybody),
            new(HttpMethod.Post, CrmWorld.Users,
                $$"""{"email": "staff.{{number}}@test.example", "role": "agency_staff", "organization_id": "{{place.OrganizationId}}", "agency_id": "{{place.AgencyId}}"}""",
                [.. Running, "agency_admin"]),
            new(HttpMethod.Post, CrmWorld.Users,
                $$"""{"email": "client.{{number}}@test.example", "role": "client_user", "organization_id": "{{place.OrganizationId}}", "client_id": "{{place.ClientId}}"}""",
                [.. Running, "client_admin"]),
            new(HttpMethod.Get, "/api/v1/audit-log", null, ["sb_admin", "sb_operator", "owner", "admin"]),
        ];
    }

    /// <summary>Calls on one thing that everybody who has it in their scope may read; the last of each kind ends it.</summary>
    public static IEnumerable<CrmCall> OnOne(CrmPlace place) =>
    [
        new(HttpMethod.Get, $"{CrmWorld.Organizations}/{place.OrganizationId}", null, Everybody),
        new(HttpMethod.Put, $"{CrmWorld.Organizations}/{place.OrganizationId}", """{"name": "Renamed"}""", Running),
        new(HttpMethod.Get, $"{CrmWorld.Agencies}/{place.AgencyId}", null, SeesAgencies),
        new(HttpMethod.Put, $"{CrmWorld.Agencies}/{place.AgencyId}", """{"name": "Renamed"}""", [.. Running, "agency_admin"]),
        new(HttpMethod.Delete, $"{CrmWorld.Agencies}/{place.EmptyAgencyId}", null, Running),
        new(HttpMethod.Get, $"{CrmWorld.Clients}/{place.ClientId}", null, Everybody),
        new(HttpMethod.Put, $"{CrmWorld.Clients}/{place.ClientId}", """{"name": "Renamed"}""", [.. Running, "agency_admin"]),
        new(HttpMethod.Delete, $"{CrmWorld.Clients}/{place.EmptyClientId}", null, [.. Running, "agency_admin"]),
    ];

    /// <summary>Calls on a user, by whoever could give the role that the user has; the last disables them.</summary>
    public static IEnumerable<CrmCall> OnUser(TestUser user, params string[] managers) =>
    [
        new(HttpMethod.Put, $"{CrmWorld.Users}/{user.Id}", """{"first_name": "Renamed"}""", [.. Running, .. managers]),
        new(HttpMethod.Post, $"{CrmWorld.Users}/{user.Id}/invitation", null, [.. Running, .. managers]),
        new(HttpMethod.Delete, $"{CrmWorld.Users}/{user.Id}", null, [.. Running, .. managers]),
    ];
}
