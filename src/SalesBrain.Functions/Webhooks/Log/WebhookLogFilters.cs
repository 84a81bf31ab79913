using System.ComponentModel.DataAnnotations;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Data.Webhooks.Log;

namespace SalesBrain.Functions.Webhooks.Log;

/// <summary>
/// The filters that the log list, the export and the bulk retry share. A filter that is not sent does not restrict the result.
/// </summary>
public record WebhookLogFilters : IValidatableObject
{
    /// <summary>
    /// Event types, by their canonical names or the senders' names; repeatable. Known types can also be separated by commas.
    /// </summary>
    [Length(0, 50)]
    [FreeText]
    public string[] EventType { get; init; } = [];

    /// <summary>Event sources; repeatable.</summary>
    [Length(0, 20)]
    [AcceptsEventSources]
    public string[] EventSource { get; init; } = [];

    public Guid? CampaignId { get; init; }

    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Statuses; repeatable.</summary>
    [Length(0, 20)]
    public WebhookLogStatus[] Status { get; init; } = [];

    /// <summary>The complete e-mail address. Case-insensitive.</summary>
    [StringLength(320)]
    [EmailParameter]
    public string? ContactEmail { get; init; }

    /// <summary>
    /// Part of the e-mail address, campaign name, event type or error. Letter case and accents make no difference; no character is a
    /// wildcard.
    /// </summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }

    /// <summary>Received at or after this time (inclusive).</summary>
    public DateTime? DateFrom { get; init; }

    /// <summary>Received before this time (exclusive).</summary>
    public DateTime? DateTo { get; init; }

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (DateTo < DateFrom)
        {
            yield return new("must not be before date_from", [nameof(DateTo)]);
        }
        if (EventSource.Any(name => EventSources.Find(name) is null))
        {
            yield return new("must be one of " + string.Join(", ", EventSources.All.Select(source => source.Name)), [nameof(EventSource)]);
        }
    }

    /// <summary>An unknown type is a text of the sender, which may contain commas.</summary>
    private static IEnumerable<string> Names(string eventType)
    {
        var parts = eventType.Split(',', StringSplitOptions.TrimEntries);
        return parts.All(part => EventTypes.FromSpelling(part) is not null)
            ? parts.Select(part => EventTypes.FromSpelling(part)!.Name)
            : [eventType];
    }

    internal WebhookLogFilter ToFilter() => new()
    {
        EventTypes = [.. EventType.SelectMany(Names)],
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

/// <summary>Webhook status.</summary>
public enum WebhookLogStatus
{
    /// <summary>On disk, not processed yet.</summary>
    Pending,

    /// <summary>Its effects are committed.</summary>
    Processed,

    /// <summary>The event type has no effects.</summary>
    Ignored,

    /// <summary>Processing failed and will be tried again.</summary>
    Failed,

    /// <summary>Processing failed for the last time; only by hand.</summary>
    Dead,
}

/// <summary>The names of all event sources.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AcceptsEventSourcesAttribute : AcceptsAttribute
{
    public AcceptsEventSourcesAttribute() => Values = [.. EventSources.All.Select(source => source.Name)];
}
