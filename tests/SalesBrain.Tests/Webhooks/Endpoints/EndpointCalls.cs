using System.Text;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Endpoints;

/// <summary>A call that manages endpoints, and who may make it.</summary>
public sealed record EndpointCall(HttpMethod Method, string Suffix, string? Body, string[] AllowedRoles)
{
    /// <summary>Sends it, to <paramref name="path"/> and the suffix.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(Method, path + Suffix);
        if (Body is not null)
        {
            request.Content = new StringContent(Body, Encoding.UTF8, "application/json");
        }
        return await client.SendAsync(request);
    }
}

/// <summary>Every call there is.</summary>
public static class EndpointCalls
{
    private static readonly string[] Readers = ["sb_admin", "sb_operator", "owner", "admin"];
    private static readonly string[] Managers = ["sb_admin", "owner", "admin"];

    /// <summary>Calls on one endpoint; the last ends it.</summary>
    public static IReadOnlyList<EndpointCall> OnOne { get; } =
    [
        new(HttpMethod.Get, "", null, Readers),
        new(HttpMethod.Put, "", """{"name": "Renamed"}""", Managers),
        new(HttpMethod.Post, "/rotate", """{"what": "token"}""", Managers),
        new(HttpMethod.Post, "/test", "{}", Managers),
        new(HttpMethod.Delete, "", null, Managers),
    ];

    /// <summary>Calls on all endpoints of an organization, or for a new one.</summary>
    public static IReadOnlyList<EndpointCall> OnAll(Guid organizationId) =>
    [
        new(HttpMethod.Get, $"?organization_id={organizationId}", null, Readers),
        new(HttpMethod.Post, "", $$"""{"source": "custom", "name": "Made", "organization_id": "{{organizationId}}"}""", Managers),
    ];

    /// <summary>Every call with the path it goes to.</summary>
    public static IEnumerable<(EndpointCall Call, string Path)> On(TestEndpoint endpoint) =>
        OnAll(endpoint.OrganizationId).Select(call => (call, EndpointWorld.Endpoints)).Concat(OnOne.Select(call => (call, endpoint.Path)));
}
