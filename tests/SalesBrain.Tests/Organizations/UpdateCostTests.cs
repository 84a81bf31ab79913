using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

/// <summary>How many round trips to the database a change costs, besides the look-up of the caller's session.</summary>
[Collection(SerialApp.Collection)]
public sealed class UpdateCostTests(SerialApp app)
{
    [Theory]
    [InlineData("organization", "owner")]
    [InlineData("agency", "owner")]
    [InlineData("client", "owner")]
    [InlineData("user", "owner")]
    [InlineData("user", "sb_admin")]
    public async Task Change_costs_three_round_trips_and_no_change_two(string kind, string role)
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

        Assert.Equal(["select", "update", "commit"], change);
        Assert.Equal(["select", "rollback"], none);
    }

    [Theory]
    [InlineData("active", """{"status": "disabled"}""", 3)]
    [InlineData("active", """{"role": "admin"}""", 3)]
    // Is the address taken, the pending address, and a count of mails for the old and for the new one.
    [InlineData("active", """{"email": "{0}@test.example"}""", 7)]
    // With a new invitation to the new address, which is counted.
    [InlineData("invited", """{"email": "{0}@test.example"}""", 5)]
    public async Task Change_of_a_user_costs_as_many_round_trips_as_it_needs(string status, string body, int count)
    {
        var organization = await app.CreateOrganizationAsync();
        using var client = app.As(await app.CreateUserAsync("owner", organization));
        var user = await app.CreateUserAsync("member", organization, status: status);

        var trips = await TripsAsync(
            client, $"{CrmWorld.Users}/{user.Id}", body.Replace("{0}", user.Id.ToString("N"), StringComparison.Ordinal));

        Assert.Equal(count, trips.Count);
    }

    /// <summary>The first words of the statements that took a round trip, in the order of a change.</summary>
    private async Task<List<string>> TripsAsync(HttpClient client, string path, string body)
    {
        string[] order = ["select", "update", "with", "delete", "insert", "commit", "rollback"];
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

    /// <summary>
    /// Begin and the context are sent with the first statement, whether a user is visible is asked with the lock, the audit entry is sent
    /// with the update, the pending address with the removal of an earlier one, and the time to wait is asked with a count of mails.
    /// </summary>
    private static bool TravelsWithAnother(string statement) =>
        statement.StartsWith("begin", StringComparison.OrdinalIgnoreCase) || statement.Contains("set_config", StringComparison.Ordinal)
        || statement.StartsWith("select exists (select from app.user u ", StringComparison.Ordinal)
        || statement.StartsWith("select min(t)", StringComparison.Ordinal)
        || statement.StartsWith("insert into app.email_change", StringComparison.Ordinal)
        || statement.StartsWith("insert into app.audit_log", StringComparison.Ordinal);

    private static string FirstOf(string statement) =>
        statement.StartsWith("with ended as", StringComparison.Ordinal) ? "update" : statement.Split((char[]?)null, 2)[0];
}
