namespace SalesBrain.Core.Webhooks.Events;

/// <summary>
/// A normalized event. It has only known fields. Each text is trimmed, limited in length and storable in PostgreSQL (no NUL, no lone
/// surrogate). A field is null if it is missing, blank or of an unexpected type.
/// </summary>
public sealed record WebhookEvent
{
    /// <summary>The event source it came from, by name.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// The canonical type; for a type that isn't known the sender's own text, lower-cased; <c>unknown</c> when there was none.
    /// </summary>
    public required string EventType { get; init; }

    /// <summary>The type as sent.</summary>
    public string? RawEventType { get; init; }

    /// <summary>The row of <see cref="EventTypes"/>; null for a type that isn't known.</summary>
    public EventType? Type { get; init; }

    /// <summary>The text of a <c>lead.label</c>.</summary>
    public string? Label { get; init; }

    /// <summary>The sender's workspace, by its own id.</summary>
    public string? Workspace { get; init; }

    /// <summary>The sender's id of the campaign. A UUID is lower-case whatever its sender wrote.</summary>
    public string? CampaignExternalId { get; init; }

    public string? CampaignName { get; init; }

    /// <summary>
    /// The key of the campaign: its external id, or <c>name:</c> and the lower-case name, so that senders without ids get one campaign per
    /// name. Null if the event names no campaign.
    /// </summary>
    public string? CampaignKey =>
        CampaignExternalId ?? (CampaignName is null ? null : "name:" + CampaignName.ToLowerInvariant());

    /// <summary>
    /// The contact's e-mail address, cleaned (<see cref="Values.Emails"/>); null for events that aren't about a contact, and when it is not
    /// deliverable.
    /// </summary>
    public string? ContactEmail { get; init; }

    /// <summary><see cref="ContactEmail"/> in lower case.</summary>
    public string? EmailNorm { get; init; }

    /// <summary>The text in the e-mail address field if it holds no deliverable address.</summary>
    public string? InvalidEmail { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? CompanyName { get; init; }

    public string? Title { get; init; }

    public string? Phone { get; init; }

    public string? Website { get; init; }

    public string? LinkedinUrl { get; init; }

    public string? City { get; init; }

    public string? Region { get; init; }

    public string? Country { get; init; }

    /// <summary>The sender's timestamp, UTC to the millisecond, even if implausible; null if missing or not a time.</summary>
    public DateTime? Timestamp { get; init; }

    /// <summary>
    /// The sender's id of the event from the body (<c>id</c>, <c>event_id</c>, <c>eventId</c>, <c>uuid</c>); null for Instantly, which has
    /// none.
    /// </summary>
    public string? SenderEventId { get; init; }

    /// <summary>Step of the sequence, from 1.</summary>
    public int? Step { get; init; }

    /// <summary>Variant of the step, from 1.</summary>
    public int? Variant { get; init; }

    /// <summary>Whether it is the first event of its type for the lead, as the sender counts.</summary>
    public bool? IsFirst { get; init; }

    /// <summary>The sender's id of the message.</summary>
    public string? EmailId { get; init; }

    /// <summary>The organization's own address that sent or received.</summary>
    public string? EmailAccount { get; init; }

    /// <summary>Where the conversation is in the sender's product; http or https only.</summary>
    public string? UniboxUrl { get; init; }

    public string? Subject { get; init; }

    /// <summary>The beginning of the message.</summary>
    public string? Snippet { get; init; }

    /// <summary>The message as plain text, cut at <see cref="EventLimits.Text"/>.</summary>
    public string? Text { get; init; }

    /// <summary>The link that was clicked; http or https only.</summary>
    public string? LinkUrl { get; init; }

    /// <summary>The amount of the deal, with events that convert a lead.</summary>
    public decimal? DealAmount { get; init; }

    /// <summary>Its currency (ISO 4217); null if the event names none that is known.</summary>
    public string? DealCurrency { get; init; }

    /// <summary>The sender's description of a bounce or of an account problem.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// The sender's timestamp if it is believed: between 2000 and 24 hours after the receipt. Null otherwise. A time that is not believed
    /// tells no events apart and orders none.
    /// </summary>
    public DateTime? BelievedAt(DateTime receivedAt) =>
        Timestamp is { } at && at >= EventTimestamps.Earliest && at <= receivedAt + EventTimestamps.ClockTolerance ? at : null;

    /// <summary>The time used to order events: the sender's timestamp if it is believed, otherwise the time of receipt.</summary>
    public DateTime OccurredAt(DateTime receivedAt) => BelievedAt(receivedAt) ?? receivedAt;
}

/// <summary>
/// The longest texts taken from an event, in UTF-16 code units. Prose is cut there; an id, address or link that is longer counts as absent.
/// </summary>
public static class EventLimits
{
    public const int EventType = 200;
    public const int Id = 200;
    public const int Name = 200;
    public const int CampaignName = 300;
    public const int Phone = 100;
    public const int Url = 2000;
    public const int Subject = 300;
    public const int Snippet = 500;
    public const int Text = 4000;
    public const int Message = 1000;
    public const int Amount = 40;
    public const int Currency = 10;
}
