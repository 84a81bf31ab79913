using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Log;

public sealed class BulkRetryWebhookLogsTests(TestApp app)
{
    private const string Path = "/api/admin/webhooks/logs/bulk-retry";

    [Fact]
    public async Task Good_ids_are_queued_and_each_bad_one_says_why()
    {
        var organization = await app.CreateOrganizationAsync();
        var failed = await CreateAsync(organization, failing: true);
        var processed = await CreateAsync(organization, failing: false);
        var foreign = await CreateAsync(await app.CreateOrganizationAsync(), failing: true);
        var unknown = Guid.CreateVersion7();
        var client = app.As(await app.CreateUserAsync("owner", organization));

        var answer = await (await client.PostAsync(Path, new { log_ids = new[] { failed, processed, foreign, unknown, failed } })).JsonAsync();

        answer.AssertIncludes(new { Success = true, SuccessCount = 1, FailedCount = 3, Message = "Queued 1 webhooks for retry, 3 failed" });
        var reasons = answer.GetProperty("failed_items").EnumerateArray()
            .ToDictionary(item => item.GetProperty("id").GetGuid(), item => item.GetProperty("code").GetString());
        Assert.Equal("webhook_already_processed", reasons[processed]);
        Assert.Equal("not_found", reasons[foreign]);
        Assert.Equal("not_found", reasons[unknown]);
        await app.UntilProcessedAsync(organization);
        var log = await app.QuerySingleJsonAsync("select retry_count, status from app.webhook_log where id = @failed", new { failed });
        log.AssertIncludes(new { RetryCount = 1, Status = "failed" });
        Assert.Equal(0, await app.QuerySingleAsync<int>("select retry_count from app.webhook_log where id = @foreign", new { foreign }));
    }

    [Fact]
    public async Task Filter_queues_what_it_finds_and_a_dry_run_nothing()
    {
        var organization = await app.CreateOrganizationAsync();
        var ids = new[] { await CreateAsync(organization, failing: true), await CreateAsync(organization, failing: true) };
        await CreateAsync(organization, failing: false);
        await CreateAsync(await app.CreateOrganizationAsync(), failing: true);
        var client = app.As(await app.CreateUserAsync("owner", organization));

        var dry = await (await client.PostTextAsync(Path, """{"filter": {"event_type": ["email.sent"]}, "dry_run": true}""")).JsonAsync();
        dry.AssertIncludes(new { SuccessCount = 2, Message = "Would queue 2 webhooks for retry, 0 would fail" });
        Assert.Equal(0, await app.QuerySingleAsync<int>("select sum(retry_count) from app.webhook_log where id = any (@ids)", new { ids }));

        var done = await (await client.PostTextAsync(Path, """{"filter": {"eventType": ["email_sent"]}}""")).JsonAsync();
        Assert.Equal(2, done.GetProperty("success_count").GetInt32());
        await app.UntilProcessedAsync(organization);
        Assert.Equal(2, await app.QuerySingleAsync<int>("select sum(retry_count) from app.webhook_log where id = any (@ids)", new { ids }));
    }

    [Fact]
    public async Task Platform_operator_reaches_every_organization_and_may_name_one()
    {
        var organization = await app.CreateOrganizationAsync();
        await CreateAsync(organization, failing: true);
        var client = app.As(await app.CreateUserAsync("sb_operator"));

        var answer = await (await client.PostAsync(Path, new { filter = new { organization_id = organization } })).JsonAsync();

        Assert.Equal(1, answer.GetProperty("success_count").GetInt32());
    }

    [Fact]
    public async Task Five_hundred_ids_are_taken_and_one_more_is_422()
    {
        var client = app.As(await app.CreateUserAsync("owner"));
        var ids = Enumerable.Range(0, 501).Select(_ => Guid.CreateVersion7()).ToArray();

        var answer = await (await client.PostAsync(Path, new { log_ids = ids[..500] })).JsonAsync();
        answer.AssertIncludes(new { Success = false, FailedCount = 500 });
        await (await client.PostAsync(Path, new { log_ids = ids })).ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"log_ids": []}""")]
    [InlineData("""{"log_ids": ["nonsense"]}""")]
    [InlineData("""{"log_ids": ["0199e9d9-cc23-785a-a736-aaa9cabece0f"], "filter": {}}""")]
    [InlineData("""{"filter": {"status": ["pending"]}}""")]
    [InlineData("""{"filter": {"statuses": ["failed"]}}""")]
    [InlineData("""{"filter": {"search": "  x "}}""")]
    [InlineData("""{"filter": {"date_from": "2026-02-01", "date_to": "2026-01-01"}}""")]
    public async Task Bad_input_is_422(string body)
    {
        using var response = await app.As(await app.CreateUserAsync("owner")).PostTextAsync(Path, body);

        await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
    }

    [Fact]
    public async Task Members_may_not()
    {
        using var response = await app.As(await app.CreateUserAsync("member")).PostTextAsync(Path, """{"filter": {}}""");

        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    private async Task<Guid> CreateAsync(Guid organization, bool failing)
    {
        var endpoint = await app.CreateTokenEndpointAsync(organization);
        JsonElement data = await app.DeliverAsync(endpoint, Deliveries.Fixture(
            "email_sent", ("timestamp", DateTime.UtcNow.ToString("O")),
            ("lead_email", failing ? null : $"lead{Guid.NewGuid():N}@example.org"), ("email", null)));
        await app.UntilProcessedAsync(organization);
        return data.GetProperty("id").GetGuid();
    }
}
