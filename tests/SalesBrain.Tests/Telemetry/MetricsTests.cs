using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Telemetry;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.LocalHost.Startup;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Telemetry;

/// <summary>The values of the metrics after a known load, and the page that explains them.</summary>
public sealed class MetricsTests(MetricsTests.MeasuredApp app) : IClassFixture<MetricsTests.MeasuredApp>, IDisposable
{
    private readonly MeterCapture _meters = new(app);

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task Webhooks_are_counted_by_source_from_receipt_to_their_last_retry()
    {
        var organization = await app.CreateOrganizationAsync();
        var custom = await app.CreateEndpointAsync(organization);
        var n8n = await app.CreateEndpointAsync(organization, source: "n8n");
        for (var i = 0; i < 3; i++)
        {
            (await app.DeliverAsync(custom, EndpointWorld.SomeEvent(i))).Dispose();
        }
        (await app.DeliverAsync(custom, EndpointWorld.SomeEvent(1))).Dispose();
        (await app.DeliverAsync(custom, EndpointWorld.SomeEvent(2))).Dispose();
        (await app.DeliverAsync(custom, """{"event_type": "phase_of_the_moon", "email": "moon@example.org"}""")).Dispose();
        (await app.DeliverAsync(n8n, """[{"event_type": "email.opened", "email": "a@example.org"}, {"event_type": "email.replied"}]""")).Dispose();
        // Refused: not received.
        (await app.Http.PostTextAsync($"/api/webhooks/custom/{custom.Token}", "no JSON")).Dispose();

        await UntilAsync("salesbrain.webhooks.processed", "source=custom", 3);
        await UntilAsync("salesbrain.webhooks.processed", "source=n8n", 1);
        await UntilAsync("salesbrain.webhooks.failed", "source=n8n", 1);
        Assert.Equal(Counts(6, 2, 3, 1, 0, 0, 0), CountsOf("source=custom"));
        Assert.Equal(Counts(2, 0, 1, 0, 1, 0, 0), CountsOf("source=n8n"));

        // The first retry is due after a minute, and is late by 90 seconds.
        app.Time.Advance(TimeSpan.FromSeconds(150));
        await RunAsync("ProcessPendingWebhooks");
        Assert.Equal([90], _meters.Read("salesbrain.webhooks.pending_age").Select(age => Math.Round(age)));
        Assert.Equal(Counts(2, 0, 1, 0, 2, 0, 1), CountsOf("source=n8n"));

        for (var retry = 2; retry <= 5; retry++)
        {
            app.Time.Advance(TimeSpan.FromHours(6));
            await RunAsync("ProcessPendingWebhooks");
        }
        Assert.Equal(Counts(2, 0, 1, 0, 6, 1, 5), CountsOf("source=n8n"));
        Assert.Equal(7, _meters.Values("salesbrain.webhooks.processing_time", "source=n8n").Count);
        Assert.All(_meters.Values("salesbrain.webhooks.processing_time", "source=n8n"), seconds => Assert.Equal(0, seconds));
        await RunAsync("ProcessPendingWebhooks");
        Assert.Equal([0], _meters.Read("salesbrain.webhooks.pending_age"));
        // Another instance may run the timer from now on.
        app.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(_meters.Read("salesbrain.webhooks.pending_age"));
    }

    [Fact]
    public async Task Processing_time_is_that_of_the_attempt()
    {
        var organization = await app.CreateOrganizationAsync();
        var logId = await app.CreateWebhookLogAsync(
            organization, "pending", eventSource: "make", dueAt: app.Time.GetUtcNow().UtcDateTime,
            body: """{"event_type": "email.opened", "email": "slow@example.org", "campaign_id": "slow"}""");
        // Whoever applies the event waits for the organization's campaign.
        await using var blocker = new Npgsql.NpgsqlConnection(app.Database.Owner);
        await blocker.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await blocker.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var locked = new Npgsql.NpgsqlCommand("lock table app.campaign in exclusive mode", blocker, transaction))
        {
            await locked.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var run = RunAsync("ProcessPendingWebhooks");
        await Eventually.HoldsAsync(
            () => app.QuerySingleAsync<bool>("select exists (select from pg_locks where relation = 'app.campaign'::regclass and not granted)"), "The processor waits for the lock.");
        app.Time.Advance(TimeSpan.FromSeconds(3));
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await run;
        // The app's own processor may have been first, after another test's delivery.
        await Eventually.HoldsAsync(
            () => _meters.Values("salesbrain.webhooks.processing_time", "source=make").Count > 0, "The webhook is measured.");

        Assert.Equal(
            "processed", await app.QuerySingleAsync<string>("select status from app.webhook_log where id = @logId", new { logId }));
        Assert.Equal([3.0], _meters.Values("salesbrain.webhooks.processing_time", "source=make"));
    }

    [Fact]
    public async Task Timers_say_when_they_succeeded_how_long_they_took_and_how_often_they_failed()
    {
        const string Timer = "timer=FoldTallies";
        await RunAsync("FoldTallies");
        var before = app.Time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal([before], _meters.Read("salesbrain.timers.last_success", Timer));
        app.Time.Advance(TimeSpan.FromMinutes(1));

        await app.ExecuteAsync("alter function app.fold_tally_changes(integer) rename to fold_tally_changes_gone");
        try
        {
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => RunAsync("FoldTallies"));
        }
        finally
        {
            await app.ExecuteAsync("alter function app.fold_tally_changes_gone(integer) rename to fold_tally_changes");
        }

        Assert.Equal([before], _meters.Read("salesbrain.timers.last_success", Timer));
        Assert.Equal(1, _meters.Sum("salesbrain.timers.failures", Timer));
        Assert.Equal([0, 0], _meters.Values("salesbrain.timers.duration", Timer));
        Assert.Contains(app.Logs.Lines, line => line.Contains("Timer FoldTallies failed with PostgresException", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failed_sign_ins_are_counted_by_reason()
    {
        var user = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var suspended = await app.CreateUserAsync(
            "owner", await app.CreateOrganizationAsync(status: "suspended"), password: AuthWorld.Password);
        for (var attempt = 0; attempt < 7; attempt++)
        {
            (await app.TrySignInAsync(user.Email, $"wrong password {attempt}")).Dispose();
        }
        (await app.TrySignInAsync("nobody@metrics.example", "whatever it is")).Dispose();
        (await app.TrySignInAsync(suspended.Email, AuthWorld.Password)).Dispose();

        // After five failures the sixth locks, so the seventh is not looked at.
        Assert.Equal((7, 1, 1), (
            _meters.Sum("salesbrain.sign_in.failures", "reason=invalid_credentials"),
            _meters.Sum("salesbrain.sign_in.failures", "reason=too_many_attempts"),
            _meters.Sum("salesbrain.sign_in.failures", "reason=organization_suspended")));
    }

    /// <summary>The runbook is docs/operations.md, or a part of it.</summary>
    [Fact]
    public void Runbook_lists_every_metric_with_its_unit_and_kind()
    {
        var services = app.Services;
        object[] metrics = [services.GetRequiredService<WebhookMetrics>(), services.GetRequiredService<TimerMetrics>(), services.GetRequiredService<SignInMetrics>(), services.GetRequiredService<SendingMetrics>()];
        Assert.Equal(
            metrics.Length, typeof(Tracing).Assembly.GetTypes().Count(type => type.Name.EndsWith("Metrics", StringComparison.Ordinal)));
        var page = string.Join(
            '\n', Directory.GetFiles(Path.Combine(RepositoryFolder.Find(), "docs"), "operations*.md").Select(File.ReadAllText));
        var documented = page.Split('\n')
            .Where(line => line.StartsWith("| `salesbrain.", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => (Name: cells[1].Trim('`'), Kind: cells[2], Unit: cells[3].Trim('`'), Attribute: cells[4].Trim('`')));

        Assert.Equal(
            _meters.Instruments.Select(instrument => (instrument.Name, KindOf(instrument), instrument.Unit!)).Order(),
            documented.Select(metric => (metric.Name, metric.Kind, metric.Unit)).Order());
    }

    private static string KindOf(Instrument instrument) => ((string[])["Counter", "Histogram", "Gauge"])
        .Single(kind => instrument.GetType().Name.Contains(kind, StringComparison.Ordinal)).ToLowerInvariant();

    private Task RunAsync(string timer) =>
        app.Services.GetRequiredService<TimerRunner>().RunAsync(timer, TestContext.Current.CancellationToken);

    private Task UntilAsync(string counter, string tags, double value) =>
        Eventually.HoldsAsync(() => _meters.Sum(counter, tags) >= value, $"{counter} of {tags} is {value}.");

    private static Dictionary<string, double> Counts(double received, double duplicate, double processed, double ignored, double failed, double dead, double retries) => new()
    {
        ["received"] = received,
        ["duplicate"] = duplicate,
        ["processed"] = processed,
        ["ignored"] = ignored,
        ["failed"] = failed,
        ["dead"] = dead,
        ["retries"] = retries,
    };

    private Dictionary<string, double> CountsOf(string tags) =>
        Counts(0, 0, 0, 0, 0, 0, 0).Keys.ToDictionary(name => name, name => _meters.Sum($"salesbrain.webhooks.{name}", tags));

    public sealed class MeasuredApp : SignInApp;
}
