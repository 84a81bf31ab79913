using System.ComponentModel.DataAnnotations;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Data.Webhooks.Log;

namespace SalesBrain.Functions.Webhooks.Log;

/// <summary>The filters that the log list, the export and the bulk retry share. What is not given restricts nothing.</summary>
public record WebhookLogFilters : IValidatableObject
{
    /// <summary>Canonical types or senders' names for them, repeatable.</summary>
    [Length(0, 50)]
    public string[] EventType { get; init; } = [];

    /// <summary>Sources, repeatable.</summary>
    [Length(0, 20)]
    public string[] EventSource { get; init; } = [];

    public Guid? CampaignId { get; init; }

    /// <summary>For platform operators: one organization instead of all.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Statuses, repeatable.</summary>
    [Length(0, 20)]
    public WebhookLogStatus[] Status { get; init; } = [];

    /// <summary>A whole e-mail address, in any spelling.</summary>
    [StringLength(320)]
    public string? ContactEmail { get; init; }

    /// <summary>Part of the e-mail address, the campaign's name, the event type or the error, in any letter case; no character is special.</summary>
    [StringLength(200)]
    public string? Search { get; init; }

    /// <summary>Received at or after this.</summary>
    public DateTime? DateFrom { get; init; }

    /// <summary>Received before this.</summary>
    public DateTime? DateTo { get; init; }

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Search is not null && Search.Trim().Length < 2)
        {
            yield return new("must be at least 2 characters", [nameof(Search)]);
        }
        if (DateTo < DateFrom)
        {
            yield return new("must not be before date_from", [nameof(DateTo)]);
        }
        if (EventSource.Any(name => EventSources.Find(name) is null))
        {
            yield return new("must be one of " + string.Join(", ", EventSources.All.Select(source => source.Name)), [nameof(EventSource)]);
        }
    }

    internal WebhookLogFilter ToFilter() => new()
    {
        EventTypes = [.. EventType.Select(name => EventTypes.FromWire(name)?.Name ?? name)],
        EventSources = EventSource,
        CampaignId = CampaignId,
        OrganizationId = OrganizationId,
        Statuses = [.. Status.Select(status => status.ToWireName())],
        ContactEmail = ContactEmail,
        Search = Search,
        DateFrom = DateFrom,
        DateTo = DateTo,
    };
}

/// <summary>What became of a webhook.</summary>
public enum WebhookLogStatus
{
    /// <summary>On disk, not processed yet.</summary>
    Pending,

    /// <summary>Its effects are committed.</summary>
    Processed,

    /// <summary>There is nothing to do for its type.</summary>
    Ignored,

    /// <summary>Processing failed and will be tried again.</summary>
    Failed,

    /// <summary>Processing failed for the last time; only by hand.</summary>
    Dead,
}
