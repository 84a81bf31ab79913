using SalesBrain.Functions.Configuration;

namespace SalesBrain.Functions.Webhooks;

/// <summary>Settings <c>Webhooks__…</c>.</summary>
public sealed record WebhookOptions
{
    /// <summary>The public URL of this app, the base of receiving URLs.</summary>
    public required Uri PublicBaseUrl { get; init; }

    /// <summary>Maximum number of rows in an export.</summary>
    public int ExportMaxRows { get; init; } = 100_000;

    /// <summary>Days that processed and ignored logs are kept.</summary>
    public int ProcessedRetentionDays { get; init; } = 90;

    /// <summary>Days that payloads are kept.</summary>
    public int PayloadRetentionDays { get; init; } = 30;

    /// <summary>Days that dead logs are kept.</summary>
    public int DeadRetentionDays { get; init; } = 365;

    internal static WebhookOptions Read(SettingsReader settings) => new()
    {
        PublicBaseUrl = settings.Url(
            "Webhooks__PublicBaseUrl", "the public URL of this app, such as https://api.example.com, the base of receiving URLs",
            "http://localhost:7071"),
        ExportMaxRows = settings.Number("Webhooks__ExportMaxRows", "the maximum number of rows in an export", 100_000, 1, 10_000_000),
        ProcessedRetentionDays = settings.Number(
            "Webhooks__ProcessedRetentionDays", "the retention of processed and ignored logs in days", 90, 1, 3650),
        PayloadRetentionDays = settings.Number("Webhooks__PayloadRetentionDays", "the retention of payloads in days", 30, 1, 3650),
        DeadRetentionDays = settings.Number("Webhooks__DeadRetentionDays", "the retention of dead logs in days", 365, 1, 3650),
    };
}
