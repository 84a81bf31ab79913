using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SalesBrain.Core.Assignments;
using SalesBrain.Core.Telemetry;
using SalesBrain.Data.Security;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Processing;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Log;

public sealed class RetryWebhookLogTests(TestApp app)
{
    [Theory]
    [InlineData("owner")]
    [InlineData("admin")]
    [InlineData("sb_admin")]
    [InlineData("sb_operator")]
    public async Task Failed_webhook_is_processed_at_once_after_its_cause_is_mended(string role)
    {
        var (endpoint, id) = await CreateFailedAsync();
        var user = await app.CreateUserAsync(role, role.StartsWith("sb_", StringComparison.Ordinal) ? null : endpoint.OrganizationId);
        await MendAsync(id);

        var data = await (await app.As(user).PostAsync(Path(id), null)).DataAsync();

        Assert.Equal("processed", data.GetProperty("status").GetString());
        Assert.Equal(1, data.GetProperty("retry_count").GetInt32());
        Assert.Equal(1, await app.QuerySingleAsync<int>("select count(*) from app.activity where webhook_log_id = @id", new { id }));
        var entry = await app.QuerySingleJsonAsync(
            "select action, actor_id from app.audit_log where organization_id = @OrganizationId", endpoint);
        entry.AssertIncludes(new { Action = "webhook_log.retried", ActorId = user.Id });
        Assert.Equal(["failure", "retry_requested"], await app.QueryAsync<string>(
            "select kind from app.webhook_attempt where log_id = @id order by at", new { id }));
    }

    [Fact]
    public async Task Dead_webhook_that_still_fails_is_dead_again()
    {
        var (endpoint, id) = await CreateFailedAsync();
        await app.ExecuteAsync("update app.webhook_log set status = 'dead', due_at = null, retry_count = 5 where id = @id", new { id });

        var data = await (await app.As(await app.CreateUserAsync("owner", endpoint.OrganizationId)).PostAsync(Path(id), null)).DataAsync();

        Assert.Equal("dead", data.GetProperty("status").GetString());
        Assert.Equal("contact_email_missing", data.GetProperty("error_code").GetString());
    }

    [Fact]
    public async Task Processed_webhook_is_409_unless_forced_and_forcing_changes_nothing()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        var id = (await app.DeliverAsync(endpoint, Deliveries.Fixture("reply_received"))).GetProperty("id").GetGuid();
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        var client = app.As(await app.CreateUserAsync("owner", endpoint.OrganizationId));

        var problem = await (await client.PostTextAsync(Path(id), "{}")).ProblemAsync(HttpStatusCode.Conflict, "webhook_already_processed");
        Assert.Contains("processed", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var data = await (await client.PostTextAsync(Path(id), """{"force": true}""")).DataAsync();

        Assert.Equal("processed", data.GetProperty("status").GetString());
        var effects = await app.QuerySingleJsonAsync("""
            select (select count(*) from app.activity where organization_id = @OrganizationId) as activities,
                (select sum(replied_count) from app.lead where organization_id = @OrganizationId) as lead_replies,
                (select sum(replied) from app.campaign_counter where organization_id = @OrganizationId) as campaign_replies
            """, endpoint);
        effects.AssertIncludes(new { Activities = 1, LeadReplies = 1, CampaignReplies = 1 });
    }

    [Fact]
    public async Task Pending_webhook_and_one_without_payload_are_409()
    {
        var (endpoint, id) = await CreateFailedAsync();
        var client = app.As(await app.CreateUserAsync("owner", endpoint.OrganizationId));
        await app.ExecuteAsync(
            "update app.webhook_log set status = 'pending', due_at = now() + interval '1 day' where id = @id", new { id });
        await (await client.PostAsync(Path(id), null)).ProblemAsync(HttpStatusCode.Conflict, "webhook_already_queued");

        await app.ExecuteAsync(
            "update app.webhook_log set status = 'failed' where id = @id; delete from app.webhook_payload where log_id = @id", new { id });
        await (await client.PostAsync(Path(id), null)).ProblemAsync(HttpStatusCode.Conflict, "webhook_payload_gone");
    }

    [Theory]
    [InlineData("member")]
    [InlineData("read_only")]
    [InlineData("agency_admin")]
    [InlineData("client_admin")]
    public async Task Roles_that_repair_nothing_are_403(string role)
    {
        var (endpoint, id) = await CreateFailedAsync();

        using var response = await app.As(await app.CreateUserAsync(role, endpoint.OrganizationId)).PostAsync(Path(id), null);

        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Webhook_of_another_organization_is_404_like_a_random_id_and_untouched()
    {
        var (_, id) = await CreateFailedAsync();
        var client = app.As(await app.CreateUserAsync("owner"));

        var foreign = await (await client.PostAsync(Path(id), null)).ProblemAsync(HttpStatusCode.NotFound, "not_found");
        var random = await (await client.PostAsync(Path(Guid.CreateVersion7()), null)).ProblemAsync(HttpStatusCode.NotFound, "not_found");

        Assert.Equal(foreign.WithoutTrace(), random.WithoutTrace());
        Assert.Equal("failed", await app.QuerySingleAsync<string>("select status from app.webhook_log where id = @id", new { id }));
    }

    [Fact]
    public async Task Twenty_retries_at_once_have_one_effect()
    {
        var (endpoint, id) = await CreateFailedAsync();
        await MendAsync(id);
        var client = app.As(await app.CreateUserAsync("owner", endpoint.OrganizationId));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.PostAsync(Path(id), null)));
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict));
        Assert.Equal(
            1, await app.QuerySingleAsync<int>("select sent_count from app.lead where organization_id = @OrganizationId", endpoint));
    }

    [Fact]
    public async Task Webhook_that_another_session_is_processing_is_waited_for()
    {
        var (endpoint, id) = await CreateFailedAsync();
        // Due in an hour: no processor of the app takes it, only this one, whose clock is ahead.
        await app.ExecuteAsync("update app.webhook_log set due_at = now() + interval '1 hour' where id = @id", new { id });
        var processor = new WebhookProcessor(
            app.Services.GetRequiredService<SalesBrainDatabase>(), app.Services.GetRequiredService<AssignmentSignal>(),
            app.Services.GetRequiredService<AddressHashKeys>(), app.Services.GetRequiredService<WebhookMetrics>(),
            new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(2)), NullLogger<WebhookProcessor>.Instance);
        await using var other = new NpgsqlConnection(app.Database.Owner);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("update app.webhook_log set status = 'dead', due_at = null where id = $1", other, transaction)
        {
            Parameters = { new() { Value = id } },
        };
        await command.ExecuteNonQueryAsync();

        var processing = processor.ProcessOneAsync(endpoint.OrganizationId, id, CancellationToken.None);
        await Eventually.HoldsAsync(
            async () => processing.IsCompleted || await app.IsBlockingAsync(other.ProcessID), "The processing waits.");
        Assert.False(processing.IsCompleted);
        await transaction.CommitAsync();
        await processing;

        Assert.Equal("dead", await app.QuerySingleAsync<string>("select status from app.webhook_log where id = @id", new { id }));
    }

    private static string Path(Guid id) => $"/api/admin/webhooks/logs/{id}/retry";

    /// <summary>A log that failed because its contact has no address.</summary>
    private async Task<(TokenEndpoint Endpoint, Guid Id)> CreateFailedAsync()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync());
        var data = await app.DeliverAsync(endpoint, Deliveries.Event("email_sent", null));
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        return (endpoint, data.GetProperty("id").GetGuid());
    }

    private Task MendAsync(Guid id) => app.ExecuteAsync(
        "update app.webhook_payload set body = @body where log_id = @id",
        new { id, body = System.Text.Encoding.UTF8.GetBytes(Deliveries.Fixture("email_sent")) });
}
