using Microsoft.Extensions.Configuration;
using SalesBrain.Functions.Composition;
using SalesBrain.Functions.Configuration;
using SalesBrain.LocalHost.Development;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.Configuration;

/// <summary>docs/configuration.md and local.settings.sample.json list what the code reads, no more and no less.</summary>
public sealed class ConfigurationDocsTests
{
    private static readonly IReadOnlyList<Setting> Settings = ReadSettings();
    private static readonly string[] Schedules = FunctionCatalog.Load().Timers.Select(timer => timer.Schedule.Trim('%')).ToArray();

    [Fact]
    public void Sample_lists_every_setting_and_schedule_and_nothing_else()
    {
        string[] hosts = ["AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME"];

        Assert.Equal(
            Settings.Select(setting => setting.Name).Concat(Schedules).Concat(hosts).Order(StringComparer.Ordinal),
            LocalDefaults.ReadSample().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Sample_says_the_defaults()
    {
        var sample = LocalDefaults.ReadSample();

        Assert.All(Settings.Where(setting => setting.Default is not null), setting => Assert.Equal(setting.Default, sample[setting.Name]));
    }

    [Fact]
    public void Sample_holds_no_secret()
    {
        var sample = LocalDefaults.ReadSample();

        Assert.All(
            sample.Where(setting => setting.Key.EndsWith("Secret", StringComparison.Ordinal)), setting => Assert.Empty(setting.Value));
        Assert.All(
            sample.Where(setting => setting.Key.StartsWith("ConnectionStrings", StringComparison.Ordinal)),
            setting => Assert.EndsWith("Password=", setting.Value));
    }

    [Fact]
    public void Every_timer_has_a_schedule_in_the_sample_that_the_local_host_follows()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(LocalDefaults.Schedules).Build();

        Assert.NotEmpty(Schedules);
        Assert.All(FunctionCatalog.Load().Timers, timer => Assert.Equal(
            LocalDefaults.ReadSample()[timer.Schedule.Trim('%')], TimerSchedule.Of(timer, configuration).Expression));
    }

    [Fact]
    public void Page_lists_every_setting_with_its_default()
    {
        var documented = Rows("## Application");

        Assert.Equal(Settings.Select(setting => setting.Name).Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal));
        Assert.All(Settings, setting => Assert.Equal(InWords(setting.Default), documented[setting.Name]));

        static string InWords(string? value) => value switch { null => "required", "" => "none", _ => $"`{value}`" };
    }

    [Fact]
    public void Page_lists_every_schedule_with_its_default()
    {
        var sample = LocalDefaults.ReadSample();

        Assert.Equal(
            Schedules.Order(StringComparer.Ordinal).Select(name => KeyValuePair.Create(name, $"`{sample[name]}`")),
            Rows("## Timers").OrderBy(row => row.Key, StringComparer.Ordinal));
    }

    private static List<Setting> ReadSettings()
    {
        var reader = new SettingsReader(new ConfigurationBuilder().Build());
        AppSettings.Read(reader);
        return [.. reader.Asked];
    }

    /// <summary>Name and default of each row of the table under a heading.</summary>
    private static Dictionary<string, string> Rows(string heading)
    {
        var page = File.ReadAllText(Path.Combine(RepositoryFolder.Find(), "docs", "configuration.md"));
        var section = page[page.IndexOf(heading, StringComparison.Ordinal)..];
        var end = section.IndexOf("\n## ", StringComparison.Ordinal);
        return (end < 0 ? section : section[..end]).Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1].Trim('`'), cells => cells[3]);
    }
}
