using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Imports;
using SalesBrain.Data.Rows;

namespace SalesBrain.Data.Imports.Jobs;

/// <summary>Fetches people from a data source, page by page, into leads of a campaign or client.</summary>
public record ImportJob : VersionedRow
{
    public Guid OrganizationId { get; init; }
    public Guid DataSourceId { get; init; }

    /// <summary>The name of the source, also after its deletion; null if the caller cannot see it.</summary>
    [NotAudited]
    public string? DataSourceName { get; init; }

    /// <summary>Null if the caller cannot see the source.</summary>
    [NotAudited]
    [AllowedValues("linkedin", "apollo", "zoominfo", "api", "csv", null)]
    public string? DataSourceType { get; init; }
    public Guid? CampaignId { get; init; }

    [NotAudited]
    public string? CampaignName { get; init; }
    public Guid? AgencyId { get; init; }
    public Guid? ClientId { get; init; }
    public string Name { get; init; } = "";

    /// <summary>What the job was created with: filters, mapping, limit, reveal, max_credits, update_existing.</summary>
    public JsonElement Parameters { get; init; }

    [AllowedValues("pending", "running", "paused", "completed", "failed", "cancelled")]
    public string Status { get; init; } = "pending";

    /// <summary>What a running job does after its current page; null if nothing was requested.</summary>
    [AllowedValues("pause", "cancel", null)]
    public string? Requested { get; init; }

    /// <summary>How many times in a row the current page failed.</summary>
    [NotAudited]
    public int Attempt { get; init; }

    [NotAudited]
    public ImportProgress Progress =>
        ImportProgress.Of(Processed, Total, Created, Updated, Skipped, Failed, WorkedMs, Status == "running", UpdatedAt);

    /// <summary>How many of the vendor's credits the job has used.</summary>
    [NotAudited]
    public long Credits { get; init; }

    /// <summary>Why the job failed, was paused by the system, or waits; null if nothing is wrong.</summary>
    [NotAudited]
    public string? ErrorCode { get; init; }

    [NotAudited]
    public string? ErrorMessage { get; init; }

    /// <summary>When the job tries again after an error, or may send its next request; null: at once.</summary>
    [NotAudited]
    public DateTime? NextRunAt { get; init; }
    public Guid? CreatedBy { get; init; }

    [NotAudited]
    public Guid? StartedBy { get; init; }

    [NotAudited]
    public DateTime? StartedAt { get; init; }

    [NotAudited]
    public DateTime? PausedAt { get; init; }

    [NotAudited]
    public DateTime? CompletedAt { get; init; }

    [NotAudited]
    public DateTime? FailedAt { get; init; }

    [NotAudited]
    public DateTime? CancelledAt { get; init; }

    /// <summary>Since when the job is being undone, or was; null if nobody has undone it.</summary>
    [NotAudited]
    public DateTime? UndoStartedAt { get; init; }

    /// <summary>When the job was undone as a whole; null if it was not.</summary>
    [NotAudited]
    public DateTime? UndoneAt { get; init; }

    /// <summary>When the job ended; null if it has not.</summary>
    [JsonIgnore]
    public DateTime? EndedAt => Status switch
    {
        "completed" => CompletedAt ?? UpdatedAt,
        "failed" => FailedAt ?? UpdatedAt,
        "cancelled" => CancelledAt ?? UpdatedAt,
        _ => null,
    };

    [JsonIgnore]
    public long Processed { get; init; }

    [JsonIgnore]
    public long? Total { get; init; }

    [JsonIgnore]
    public long Created { get; init; }

    [JsonIgnore]
    public long Updated { get; init; }

    [JsonIgnore]
    public long Skipped { get; init; }

    [JsonIgnore]
    public long Failed { get; init; }

    [JsonIgnore]
    public long WorkedMs { get; init; }
}

/// <summary>A job with its history.</summary>
public sealed record ImportJobDetail : ImportJob
{
    /// <summary>Every status that the job has had, oldest first.</summary>
    public IReadOnlyList<ImportJobState> History { get; init; } = [];
}

/// <summary>A status of a job, since when, and who asked for it.</summary>
public sealed record ImportJobState
{
    [AllowedValues("pending", "running", "paused", "completed", "failed", "cancelled")]
    public string Status { get; init; } = "";
    public DateTime At { get; init; }

    /// <summary>The user who asked for it; null for the system.</summary>
    public Guid? ChangedBy { get; init; }

    /// <summary>The error that was the reason; null if there was none.</summary>
    public string? Code { get; init; }
}

/// <summary>Sort keys of import jobs.</summary>
public enum ImportJobSort
{
    CreatedAt,
    UpdatedAt,
}

/// <summary>Status of an import job.</summary>
public enum ImportJobStatus
{
    Pending = 1,
    Running,
    Paused,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>Filter of import jobs. Null or empty values do not restrict the result. Times are half-open.</summary>
public sealed record ImportJobFilter
{
    public Guid? OrganizationId { get; init; }
    public Guid? DataSourceId { get; init; }
    public Guid? CampaignId { get; init; }
    public IReadOnlyList<ImportJobStatus> Statuses { get; init; } = [];
    public DateTime? CreatedFrom { get; init; }
    public DateTime? CreatedTo { get; init; }
}
