using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

/// <summary>How many round trips to the database a change costs, besides the look-up of the caller's session.</summary>
public sealed class UpdateCostTests(TestApp app) : IClassFixture<TestApp>
{
    [Theory]
    [InlineData("organization", "owner")]
    [InlineData("agency", "owner")]
    [InlineData("client", "owner")]
    [InlineData("user", "owner")]
    [InlineData("user", "sb_admin")]
    public async Task Change_costs_four_round_trips_and_no_change_one(string kind, string role)
    {
        var organization = await app.CreateOrganizationAsync();
        using var client = app.As(await app.CreateUserAsync(role, role == "sb_admin" ? null : organization));
        var path = kind switch
        {
            "organization" => $"{CrmWorld.Organizations}/{organization}",
            "agency" => $"{CrmWorld.Agencies}/{await app.CreateAgencyAsync(organization)}",
            "client" => $"{CrmWorld.Clients}/{await app.CreateClientAsync(organization)}",
            _ => $"{CrmWorld.Users}/{(await app.CreateUserAsync("member", organization)).Id}",
        };
        string Named(string name) => kind == "user" ? $$"""{"first_name": "{{name}}"}""" : $$"""{"name": "{{name}}"}""";
        // Once before it counts, as a warm app would have it.
        await TripsAsync(client, path, Named("First"));

        var change = await TripsAsync(client, path, Named("Second"));
        var none = await TripsAsync(client, path, Named("Second"));

        Assert.Equal(["select", "update", "insert", "commit"], change);
        Assert.Equal(["select", "rollback"], none);
    }

    [Theory]
    [InlineData("""{"status": "disabled"}""")]
    [InlineData("""{"role": "admin"}""")]
    [InlineData("""{"email": "moved.{0}@test.example"}""")]
    public async Task Change_of_a_user_costs_four_round_trips_whatever_it_ends(string body)
    {
        var organization = await app.CreateOrganizationAsync();
        using var client = app.As(await app.CreateUserAsync("owner", organization));
        var user = await app.CreateUserAsync("member", organization);

        var trips = await TripsAsync(client, $"{CrmWorld.Users}/{user.Id}", body.Replace("{0}", user.Id.ToString("N"), StringComparison.Ordinal));

        Assert.Equal(["select", "update", "insert", "commit"], trips);
    }

    /// <summary>The first words of the statements that took a round trip, in the order of a change.</summary>
    private async Task<List<string>> TripsAsync(HttpClient client, string path, string body)
    {
        string[] order = ["select", "update", "insert", "commit", "rollback"];
        var statements = await app.StatementsAsync(async () =>
        {
            using var response = await client.PutTextAsync(path, body);
            await response.DataAsync();
        });
        return [.. statements
            .Where(statement => !statement.Contains("app.refresh_token", StringComparison.Ordinal) && !TravelsWithAnother(statement))
            .Select(statement => order.Single(word => FirstOf(statement).Equals(word, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(word => Array.IndexOf(order, word))];
    }

    /// <summary>Begin and the context go with the first statement; whether a user is visible goes with the lock.</summary>
    private static bool TravelsWithAnother(string statement) =>
        statement.StartsWith("begin", StringComparison.OrdinalIgnoreCase) || statement.Contains("set_config", StringComparison.Ordinal)
        || statement.StartsWith("select exists", StringComparison.Ordinal);

    private static string FirstOf(string statement) =>
        statement.StartsWith("with ended as", StringComparison.Ordinal) ? "update" : statement.Split((char[]?)null, 2)[0];
}
