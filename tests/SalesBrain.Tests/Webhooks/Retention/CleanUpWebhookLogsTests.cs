using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Retention;

public sealed class CleanUpWebhookLogsTests(TestApp app)
{
    private const string Path = "/api/admin/webhooks/logs/cleanup";

    [Fact]
    public async Task Old_finished_webhooks_of_the_own_organization_go_and_leave_a_receipt()
    {
        var mine = await app.CreateOrganizationAsync();
        var other = await app.CreateOrganizationAsync();
        await CreateAsync(mine, "processed", 40, 3);
        await CreateAsync(mine, "ignored", 40, 2);
        await CreateAsync(mine, "failed", 40, 1);
        await CreateAsync(mine, "pending", 40, 1);
        await CreateAsync(mine, "processed", 5, 4);
        await CreateAsync(other, "processed", 40, 7);
        var owner = await app.CreateUserAsync("owner", mine);

        var dry = await (await app.As(owner).DeleteAsync(Path + "?dry_run=true")).DataAsync();
        Assert.Equal(5, dry.GetProperty("total").GetInt64());
        Assert.True(dry.GetProperty("bytes").GetInt64() > 5 * 100);
        Assert.Equal(11, await CountAsync("webhook_log", mine));

        var done = await (await app.As(owner).DeleteAsync(Path)).DataAsync();

        done.AssertIncludes(new { Total = 5, Complete = true, ByStatus = new { Processed = 3 } });
        Assert.Equal(6, await CountAsync("webhook_log", mine));
        Assert.Equal(6, await CountAsync("webhook_payload", mine));
        Assert.Equal(7, await CountAsync("webhook_log", other));
        Assert.Equal(7, await CountAsync("webhook_payload", other));
        Assert.Equal("webhook_log.cleaned_up", await app.QuerySingleAsync<string>(
            "select action from app.audit_log where organization_id = @mine and actor_id = @Id", new { mine, owner.Id }));
    }

    [Fact]
    public async Task Chosen_statuses_and_days_are_respected_by_platform_operators_too()
    {
        var organization = await app.CreateOrganizationAsync();
        var other = await app.CreateOrganizationAsync();
        await CreateAsync(organization, "dead", 10, 2);
        await CreateAsync(organization, "processed", 10, 1);
        await CreateAsync(other, "dead", 10, 1);
        var client = app.As(await app.CreateUserAsync("sb_operator"));

        var done = await (await client.DeleteAsync($"{Path}?days=7&status=dead&organization_id={organization}")).DataAsync();

        Assert.Equal(2, done.GetProperty("total").GetInt64());
        Assert.Equal(1, await CountAsync("webhook_log", organization));
        Assert.Equal(1, await CountAsync("webhook_log", other));
    }

    [Fact]
    public async Task Another_organization_named_by_an_owner_loses_nothing()
    {
        var other = await app.CreateOrganizationAsync();
        await CreateAsync(other, "processed", 40, 2);

        var done = await (await app.As(await app.CreateUserAsync("owner")).DeleteAsync($"{Path}?organization_id={other}")).DataAsync();

        Assert.Equal(0, done.GetProperty("total").GetInt64());
        Assert.Equal(2, await CountAsync("webhook_log", other));
    }

    [Theory]
    [InlineData("days=0", "days")]
    [InlineData("days=many", "days")]
    [InlineData("status=pending", "status")]
    [InlineData("dry_runs=true", "dry_runs")]
    public async Task Bad_input_deletes_nothing(string query, string member)
    {
        using var response = await app.As(await app.CreateUserAsync("owner")).DeleteAsync($"{Path}?{query}");

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _));
    }

    [Theory]
    [InlineData("member")]
    [InlineData("read_only")]
    [InlineData("client_staff")]
    public async Task Other_roles_are_403(string role)
    {
        using var response = await app.As(await app.CreateUserAsync(role)).DeleteAsync(Path);

        await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    private Task CreateAsync(Guid organization, string status, int daysAgo, int count) => app.ExecuteAsync("""
        select app.ensure_month_partitions(now() - make_interval(days => @daysAgo), 1);
        with made as (
            insert into app.webhook_log (id, organization_id, event_source, event_type, status, due_at, processed_at, occurred_at, created_at, last_delivered_at)
            select gen_random_uuid(), @organization, 'instantly', 'email.sent', @status,
                case when @status in ('pending', 'failed') then now() + interval '1 day' end, case when @status = 'processed' then now() end,
                at, at, at
            from generate_series(1, @count), lateral (select now() - make_interval(days => @daysAgo) as at)
            returning id, organization_id, created_at
        )
        insert into app.webhook_payload (log_id, organization_id, created_at, body)
        select id, organization_id, created_at, convert_to(repeat('x', 100), 'UTF8') from made
        """, new { organization, status, daysAgo, count });

    private Task<int> CountAsync(string table, Guid organization) =>
        app.QuerySingleAsync<int>($"select count(*) from app.{table} where organization_id = @organization", new { organization });
}
