using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.Hosting.Samples;

namespace SalesBrain.Tests.Hosting;

public sealed class ManualTimersTests : IAsyncLifetime
{
    private readonly TimerLog log = new();
    private IPAddress? caller;
    private FunctionServer server = null!;

    public async ValueTask InitializeAsync() =>
        server = await FunctionServer.StartAsync(
            [typeof(EveryHour), typeof(SampleLeads)],
            builder => builder.Services.AddSingleton(log).AddScoped<ScopedService>().AddTimers(FunctionCatalog.Load(typeof(EveryHour))),
            app =>
            {
                app.Use((HttpContext context, RequestDelegate next) =>
                {
                    context.Connection.RemoteIpAddress = caller ?? context.Connection.RemoteIpAddress;
                    return next(context);
                });
                app.MapTimers();
            });

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("EveryHour", "{\"input\": \"\"}")]
    [InlineData("everyhour", "{}")]
    [InlineData("EveryHour", "")]
    [InlineData("EveryHour", "not JSON")]
    public async Task Timer_fired_by_hand_runs_without_a_schedule_whatever_the_body(string name, string body)
    {
        Assert.Equal(HttpStatusCode.Accepted, await FireAsync(name, body));

        var run = await log.NextAsync();
        Assert.Null(run.ScheduleStatus);
        Assert.False(run.IsPastDue);
    }

    [Theory]
    [InlineData("Nobody")]
    [InlineData("GetLead")]
    public async Task Name_of_no_timer_is_404(string name) => Assert.Equal(HttpStatusCode.NotFound, await FireAsync(name));

    [Fact]
    public async Task Only_posting_fires()
    {
        using var response = await server.Client.GetAsync("admin/functions/EveryHour");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.True(log.NothingMore);
    }

    [Theory]
    [InlineData("192.0.2.7", HttpStatusCode.NotFound)]
    [InlineData("2001:db8::7", HttpStatusCode.NotFound)]
    [InlineData("::1", HttpStatusCode.Accepted)]
    [InlineData("::ffff:127.0.0.1", HttpStatusCode.Accepted)]
    public async Task Caller_must_be_on_this_machine(string address, HttpStatusCode status)
    {
        caller = IPAddress.Parse(address);

        Assert.Equal(status, await FireAsync("EveryHour"));
    }

    [Fact]
    public async Task Firing_during_a_run_makes_one_more_run_after_it()
    {
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        log.Work = _ => slow.Task;
        await FireAsync("EveryHour");
        await log.NextAsync();

        await FireAsync("EveryHour");
        await FireAsync("EveryHour");
        Assert.True(log.NothingMore);
        slow.SetResult();
        await log.NextAsync();

        await server.StopAsync();
        Assert.True(log.NothingMore);
        Assert.Equal(1, log.MostAtOnce);
    }

    [Fact]
    public async Task Failed_run_is_logged_and_the_timer_can_be_fired_again()
    {
        log.Work = _ => throw new InvalidOperationException("no luck");
        await FireAsync("EveryHour");
        await log.NextAsync();
        await FireAsync("EveryHour");
        await log.NextAsync();
        await server.StopAsync();

        Assert.Equal(["no luck", "no luck"], server.Errors.Entries.Select(entry => entry.Exception!.Message));
    }

    [Fact]
    public async Task Caller_in_the_process_awaits_the_run_and_sees_its_exception()
    {
        log.Work = _ => throw new InvalidOperationException("no luck");

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            server.Services.GetRequiredService<TimerRunner>().RunAsync("EveryHour", TestContext.Current.CancellationToken));
        Assert.Empty(server.Errors.Entries);
    }

    private async Task<HttpStatusCode> FireAsync(string name, string body = "{}")
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync($"admin/functions/{name}", content);
        return response.StatusCode;
    }
}
