using System.Net;
using Dapper;
using Npgsql;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Http;

/// <summary>
/// A request whose transaction PostgreSQL rolled back because of another session is handled again, and its caller learns nothing of it.
/// </summary>
public sealed class ConflictTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Deadlocked_request_is_handled_again()
    {
        var owner = await app.CreateUserAsync("owner");
        Guid[] leads = [await app.CreateLeadAsync(owner.OrganizationId!.Value), await app.CreateLeadAsync(owner.OrganizationId.Value)];
        await using var source = NpgsqlDataSource.Create(app.Database.Owner);
        await using var other = await source.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await other.ExecuteAsync("select from app.lead where id = @Last for update", new { Last = leads[1] });

        var request = app.As(owner).PostAsync("/api/v1/leads/bulk-update", new { lead_ids = leads, changes = new { priority = "urgent" } });
        await app.UntilBlockedByAsync(other.ProcessID, "The request waits.");
        // The request has waited longer, so it is the one that notices the deadlock.
        await other.ExecuteAsync("select from app.lead where id = @First for update", new { First = leads[0] });
        await transaction.CommitAsync();

        using var response = await request;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, await app.QuerySingleAsync<int>(
            "select count(*) from app.lead where id = any (@leads) and priority = 'urgent'", new { leads }));
        Assert.Equal(
            2, await app.QuerySingleAsync<int>("select count(*) from app.audit_log where entity_id = any (@leads)", new { leads }));
        Assert.Contains(app.Logs.Lines, line => line.Contains("is handled again (40P01)", StringComparison.Ordinal));
    }
}
