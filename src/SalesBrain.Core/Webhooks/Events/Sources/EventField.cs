namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>The fields that a mapping reads from a payload. The file of each source defines their names.</summary>
internal enum EventField
{
    EventType,
    Timestamp,
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
    Message,

    /// <summary>An object that holds more of the fields; what stands outside it wins.</summary>
    Nested,

    /// <summary>An object that is the whole event when there is no event type outside it.</summary>
    Envelope,
}
