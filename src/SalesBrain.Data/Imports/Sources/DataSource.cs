using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Rows;

namespace SalesBrain.Data.Imports.Sources;

/// <summary>Where an organization imports leads from. The credentials are never returned.</summary>
public sealed record DataSource : VersionedRow
{
    public Guid OrganizationId { get; init; }

    /// <summary>
    /// The agency that the source belongs to; null for a source of the whole organization, which its agencies may use too.
    /// </summary>
    public Guid? AgencyId { get; init; }
    public string Name { get; init; } = "";

    [AllowedValues("linkedin", "apollo", "zoominfo", "api", "csv")]
    public string Type { get; init; } = "";

    /// <summary><c>untested</c> until a test succeeds, and again after a change of the credentials or the server.</summary>
    [AllowedValues("untested", "active", "error", "disabled")]
    public string Status { get; init; } = "untested";

    /// <summary>Settings; their members depend on the type.</summary>
    public JsonElement Config { get; init; }
    public bool HasCredentials { get; init; }

    /// <summary>The last four characters of the secret; null if there is none or it is short.</summary>
    public string? CredentialsLast4 { get; init; }

    /// <summary>How many requests a minute the source takes; null: as many as the vendor allows.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>The uploaded file that new jobs read; null for other types than csv, and before an upload.</summary>
    public Guid? FileId { get; init; }

    /// <summary>The result of the last connection test; null before the first.</summary>
    [NotAudited]
    public SourceTestResult? LastTest => TestedAt is { } at
        ? new(at, TestOk ?? false, TestCode ?? "", TestMessage ?? "", TestLatencyMs)
        : null;

    /// <summary>What the source's finished jobs did.</summary>
    [NotAudited]
    public SourceMetrics Metrics => new(JobsTotal, JobsCompleted, JobsFailed, LeadsCreated, LeadsUpdated, LastJobAt);
    public Guid? CreatedBy { get; init; }

    [JsonIgnore]
    public DateTime? TestedAt { get; init; }

    [JsonIgnore]
    public bool? TestOk { get; init; }

    [JsonIgnore]
    public string? TestCode { get; init; }

    [JsonIgnore]
    public string? TestMessage { get; init; }

    [JsonIgnore]
    public int? TestLatencyMs { get; init; }

    [JsonIgnore]
    public long JobsTotal { get; init; }

    [JsonIgnore]
    public long JobsCompleted { get; init; }

    [JsonIgnore]
    public long JobsFailed { get; init; }

    [JsonIgnore]
    public long LeadsCreated { get; init; }

    [JsonIgnore]
    public long LeadsUpdated { get; init; }

    [JsonIgnore]
    public DateTime? LastJobAt { get; init; }
}

/// <summary>The result of a connection test.</summary>
/// <param name="Code">A normalised code, or <c>ok</c>.</param>
public sealed record SourceTestResult(DateTime At, bool Ok, string Code, string Message, int? LatencyMs);

/// <summary>What the finished jobs of a source did.</summary>
/// <param name="JobsTotal">Completed, failed and cancelled jobs.</param>
public sealed record SourceMetrics(
    long JobsTotal, long JobsCompleted, long JobsFailed, long LeadsCreated, long LeadsUpdated, DateTime? LastJobAt)
{
    /// <summary>jobs_completed / (jobs_completed + jobs_failed), from 0 to 1 with four decimals; null before the first of them.</summary>
    public decimal? SuccessRate =>
        JobsCompleted + JobsFailed == 0 ? null : Math.Round((decimal)JobsCompleted / (JobsCompleted + JobsFailed), 4);
}

/// <summary>Sort keys of data sources.</summary>
public enum DataSourceSort
{
    Name,
    Type,
    Status,
    CreatedAt,

    /// <summary>When the last job ended. Sources without one come last.</summary>
    LastJobAt,
}

/// <summary>What a data source reads from.</summary>
public enum DataSourceType
{
    Linkedin = 1,
    Apollo,
    Zoominfo,
    Api,
    Csv,
}

/// <summary>Status of a data source.</summary>
public enum DataSourceStatus
{
    Untested = 1,
    Active,
    Error,
    Disabled,
}

/// <summary>Filter of data sources. Null or empty values do not restrict the result.</summary>
public sealed record DataSourceFilter(
    Guid? OrganizationId, IReadOnlyList<DataSourceType> Types, IReadOnlyList<DataSourceStatus> Statuses, string? Search);
