using Microsoft.Extensions.Configuration;
using SalesBrain.Functions.Composition;
using SalesBrain.Functions.Configuration;
using SalesBrain.LocalHost.Development;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.Infrastructure;

/// <summary>
/// Four lists of settings are the same, but for the exceptions written out here: what the published app reads, what <c>infra/</c> sets,
/// what <c>local.settings.sample.json</c> sets, and what <c>docs/configuration.md</c> describes.
/// </summary>
public sealed class SettingListTests
{
    /// <summary>
    /// Read by the Functions host, in Azure only: its storage with an identity. Locally, one setting names the emulator instead.
    /// </summary>
    private static readonly string[] OfTheHostInAzure =
        ["AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId"];

    /// <summary>Read by the Functions host, locally only.</summary>
    private static readonly string[] OfTheHostLocally =
    [
        "AzureWebJobsStorage",
        // In Azure, the runtime is a property of the app, and Flex Consumption refuses the setting.
        "FUNCTIONS_WORKER_RUNTIME",
    ];

    /// <summary>Read by the app, but not set in Azure.</summary>
    private static readonly string[] NotInAzure =
    [
        // Only for Mail__Transport folder, which does not send.
        "Mail__Folder",
        // Of the local host.
        "Genesys__SandboxUrl", "Whatsapp__SandboxUrl",
        // Only for Files__Storage folder, which one instance alone would see.
        "Files__Folder",
        // Only for development.
        "Sources__AllowLoopback",
        // The Functions host reads it too, and would export the paths of requests, which contain tokens. The URLs of the signals are set
        // instead.
        "OTEL_EXPORTER_OTLP_ENDPOINT",
    ];

    /// <summary>Set if a collector is. OpenTelemetry's exporter reads them.</summary>
    private static readonly string[] OfTheExporter =
    [
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_HEADERS",
    ];

    private static readonly IReadOnlyList<string> Read = ReadByTheApp();

    [Fact]
    public async Task Templates_set_what_the_app_reads()
    {
        var templates = await DeployedTemplates.LoadOnceAsync();

        AssertSame(
            Read.Except(NotInAzure).Concat(OfTheExporter).Concat(OfTheHostInAzure),
            templates.AppSettings().Keys);
    }

    [Fact]
    public async Task Templates_set_the_defaults_of_the_code()
    {
        var settings = (await DeployedTemplates.LoadOnceAsync()).AppSettings();
        // What a deployment must choose.
        string[] chosen =
        [
            "Database__TenantClientId", "Database__PlatformClientId", "Mail__From", "Mail__SmtpHost", "Mail__SmtpUser",
            "Mail__SmtpPassword", "Onboarding__BaseUrl", "Webhooks__PublicBaseUrl", "Files__ContainerUrl", "Files__ClientId",
            .. OfTheExporter,
        ];
        var withDefault = Asked()
            .Where(setting => setting.Default is not null && !chosen.Concat(NotInAzure).Contains(setting.Name)).ToList();

        Assert.NotEmpty(withDefault);
        Assert.All(withDefault, setting => Assert.Equal($"{setting.Name} {setting.Default}", $"{setting.Name} {settings[setting.Name]}"));
    }

    [Fact]
    public void Sample_sets_what_the_app_reads() => AssertSame(Read.Concat(OfTheHostLocally), LocalDefaults.ReadSample().Keys);

    [Fact]
    public void Page_describes_what_the_app_and_the_host_read()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryFolder.Find(), "docs", "configuration.md"));
        var described = page[..page.IndexOf("\n## Local host", StringComparison.Ordinal)].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);

        AssertSame(Read.Concat(OfTheHostInAzure).Concat(OfTheHostLocally), described);
    }

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));

    private static List<string> ReadByTheApp() => [.. Asked().Select(setting => setting.Name)];

    private static IReadOnlyList<Setting> Asked()
    {
        var reader = new SettingsReader(new ConfigurationBuilder().Build());
        Schedules.Check(reader);
        AppSettings.Read(reader);
        return reader.Asked;
    }
}
