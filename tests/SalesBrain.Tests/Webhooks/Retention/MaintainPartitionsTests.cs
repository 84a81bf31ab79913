using Microsoft.Extensions.DependencyInjection;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Retention;

public sealed class MaintainPartitionsTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Missing_months_are_made_once_by_however_many_instances_with_row_level_security()
    {
        var last = "to_char(date_trunc('month', now() at time zone 'UTC') + interval '3 months', '_YYYY_MM')";
        await app.ExecuteAsync(
            $"do $$ begin execute 'drop table app.webhook_log' || {last}; execute 'drop table app.activity' || {last}; end $$");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            app.Services.GetRequiredService<TimerRunner>().RunAsync("MaintainPartitions", CancellationToken.None)));

        var partitions = await app.QueryJsonAsync($"""
            select relrowsecurity as enabled, relforcerowsecurity as forced from pg_class
            where oid in (('app.webhook_log' || {last})::regclass, ('app.activity' || {last})::regclass)
            """);
        partitions.AssertIncludes(Enumerable.Repeat(new { Enabled = true, Forced = true }, 2));
    }
}
