using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Core.Telemetry;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.Infrastructure;

/// <summary>The alarms of <c>infra/modules/alarms.bicep</c>.</summary>
public sealed partial class AlarmTests : IAsyncLifetime
{
    private DeployedTemplates _templates = null!;

    public async ValueTask InitializeAsync() => _templates = await DeployedTemplates.LoadOnceAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Every_alarm_is_in_the_runbook()
    {
        var runbook = string.Concat(
            Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Find(), "docs"), "operations*.md").Select(File.ReadAllText));
        var alarms = Alarms().Select(alarm => alarm.GetProperty("name").GetString()!).ToList();

        Assert.True(alarms.Count >= 10);
        Assert.All(alarms, alarm => Assert.Contains($"| `{alarm}` |", runbook, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_alarm_is_sent_to_the_operators()
    {
        var group = Assert.Single(_templates.OfType("Microsoft.Insights/actionGroups"));
        Assert.Equal(
            "operators@example.com",
            group.GetProperty("properties").GetProperty("emailReceivers")[0].GetProperty("emailAddress").GetString());

        Assert.All(Alarms(), alarm => Assert.Contains("/actionGroups/ag-salesbrain", alarm.GetProperty("properties").GetProperty("actions").ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void An_alarm_about_timers_knows_every_timer()
    {
        var query = QueryOf("timers-failing");

        Assert.All(FunctionCatalog.Load().Timers, timer => Assert.Matches($@"[(|]{timer.Name}[)|]", query));
    }

    /// <summary>A query for a metric that the app does not report never raises an alarm.</summary>
    [Fact]
    public void Alarms_ask_for_metrics_that_the_app_reports()
    {
        var reported = Reported();
        var asked = _templates.OfType("Microsoft.Insights/scheduledQueryRules").SelectMany(rule => MetricName().Matches(rule.ToString()))
            .Select(match => match.Value).ToList();

        Assert.True(reported.Count >= 10);
        Assert.NotEmpty(asked);
        Assert.All(asked, metric => Assert.Contains(metric, reported));
    }

    /// <summary>The names of the instruments that the app's classes of metrics make.</summary>
    private static HashSet<string> Reported()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton(TimeProvider.System).BuildServiceProvider();
        var (names, meters) = (new HashSet<string>(StringComparer.Ordinal), services.GetRequiredService<IMeterFactory>());
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
            {
                names.Add(instrument.Name);
            }
        };
        listener.Start();
        foreach (var metrics in typeof(WebhookMetrics).Assembly.GetTypes().Where(type => type.Name.EndsWith("Metrics", StringComparison.Ordinal)))
        {
            ActivatorUtilities.CreateInstance(services, metrics);
        }
        return names;
    }

    private IEnumerable<JsonElement> Alarms() =>
        _templates.OfType("Microsoft.Insights/scheduledQueryRules").Concat(_templates.OfType("Microsoft.Insights/metricAlerts"));

    private string QueryOf(string name) =>
        Alarms().Single(alarm => alarm.GetProperty("name").GetString() == name)
            .GetProperty("properties").GetProperty("criteria").GetProperty("allOf")[0].GetProperty("query").GetString()!;

    [GeneratedRegex(@"salesbrain\.[a-z_]+\.[a-z_]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MetricName();
}
