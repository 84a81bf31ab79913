using System.Text.Json;

namespace SalesBrain.Integrations;

/// <summary>One data source, opened for one job or one test.</summary>
/// <param name="Config">The source's settings; their members depend on the type.</param>
/// <param name="Credentials">The opened credentials; null when the source has none. They never leave the adapter.</param>
/// <param name="RequestsPerMinute">The source's own limit; null for the vendor's.</param>
public sealed record SourceConnection(
    Guid OrganizationId,
    Guid SourceId,
    SourceType Type,
    JsonElement Config,
    JsonElement? Credentials,
    int? RequestsPerMinute,
    SourceRequest Request);

/// <summary>What a job asks of its source.</summary>
/// <param name="Filters">The vendor's search filters; null for none.</param>
/// <param name="Mapping">Target field by column or path; null for the source's own or the guessed one.</param>
/// <param name="Reveal">Whether e-mail addresses are bought where the vendor bills them.</param>
/// <param name="MaxCredits">How many credits the job may still spend; null for no limit of the job's own.</param>
/// <param name="FileId">The uploaded file; null for sources without one.</param>
public sealed record SourceRequest(
    JsonElement? Filters = null,
    IReadOnlyDictionary<string, string>? Mapping = null,
    bool Reveal = false,
    int? MaxCredits = null,
    Guid? FileId = null);
