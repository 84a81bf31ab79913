using Dapper;
using Npgsql;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Processing;

/// <summary>
/// All processors lock rows in the same order, so that two that need the same rows wait for each other instead of deadlocking.
/// </summary>
public sealed class LockOrderTests(TestApp app)
{
    [Fact]
    public async Task Corrected_log_is_written_after_its_contact()
    {
        const string Email = "waiting@prospect.example";
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        var id = (await app.DeliverAsync(endpoint, Deliveries.Event("email_sent", null)))
            .GetProperty("id").GetGuid();
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        await app.ExecuteAsync("update app.webhook_payload set body = @body where log_id = @id", new
        {
            id,
            body = System.Text.Encoding.UTF8.GetBytes(Deliveries.Event("email_sent", Email)),
        });
        await using var source = NpgsqlDataSource.Create(app.Database.Owner);
        await using var other = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await other.ExecuteAsync(
            "insert into app.contact (organization_id, email, email_norm) values (@OrganizationId, @Email, @Email)",
            new { endpoint.OrganizationId, Email });

        var retrying = app.As(await app.CreateUserAsync("owner", endpoint.OrganizationId))
            .PostAsync($"/api/admin/webhooks/logs/{id}/retry", null);
        await app.UntilBlockedByAsync(other.ProcessID, "The retry waits for the contact.");

        // Fails if the waiting processor has locked one of them.
        await app.ExecuteAsync("select from app.webhook_log_version where organization_id = @OrganizationId for update nowait", endpoint);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        using var response = await retrying;
        Assert.Equal("processed", (await response.DataAsync()).GetProperty("status").GetString());
        Assert.Equal(Email, await app.QuerySingleAsync<string>("select contact_email from app.webhook_log where id = @id", new { id }));
    }
}
