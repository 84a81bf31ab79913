namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>The fields that a mapping reads from a payload. The file of each source defines their names.</summary>
internal enum EventField
{
    EventType,

    /// <summary>A type only if its value is the name of a known one: other tools write other things under this name.</summary>
    KnownEventType,
    Timestamp,

    /// <summary>The sender's id of the event.</summary>
    EventId,
    Workspace,
    CampaignId,
    CampaignName,

    /// <summary>An object with <c>id</c> and <c>name</c>, or one of the two as text: a UUID is the id.</summary>
    Campaign,

    /// <summary>The campaign's id if it is a UUID; otherwise a custom variable.</summary>
    CampaignUuid,
    Email,
    FirstName,
    LastName,

    /// <summary>First and last name in one text, where neither stands alone.</summary>
    FullName,
    CompanyName,
    Title,
    Phone,
    Website,
    LinkedinUrl,
    City,
    Region,
    Country,
    Label,
    Step,
    Variant,
    IsFirst,
    EmailId,
    EmailAccount,
    UniboxUrl,
    Subject,
    Snippet,
    Text,
    LinkUrl,

    /// <summary>The amount of a deal that was won.</summary>
    DealAmount,
    DealCurrency,
    Message,

    /// <summary>An object that holds more of the fields; what stands outside it wins.</summary>
    Nested,

    /// <summary>An object that is the event if it has an event type and what is outside it has none.</summary>
    Envelope,
}
