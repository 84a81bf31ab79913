using System.Text.Json;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>Converts a payload to a <see cref="WebhookEvent"/> with the mapping of its source.</summary>
internal static class EventReader
{
    private static readonly SourceMapping CampaignObject = new((EventField.CampaignId, ["id"]), (EventField.CampaignName, ["name"]));

    /// <summary>Never throws, whatever the payload is.</summary>
    public static WebhookEvent Read(string source, SourceMapping mapping, JsonElement payload)
    {
        var fields = new EventFields(mapping, payload);
        var rawType = fields.OwnText(EventField.EventType, EventLimits.EventType);
        var (email, invalidEmail) = fields.Email(EventField.Email);
        var emailAccount = fields.Whole(EventField.EmailAccount, Emails.MaxLength);
        var type = EventTypes.FromWire(rawType);
        var label = fields.Text(EventField.Label, EventLimits.EventType);
        if (type is null && rawType is not null && mapping.IsLabel(rawType, (email ?? invalidEmail) is not null))
        {
            (type, label) = (EventTypes.Find(EventTypes.LeadLabel), rawType);
        }
        else if (type?.Name == EventTypes.LeadLabel)
        {
            label ??= mapping.LabelOf(rawType!);
        }
        if (type is { Subject: not EventSubject.Contact })
        {
            // Only events about a contact create contacts: the address in an account event is the organization's own.
            emailAccount ??= email;
            (email, invalidEmail) = (null, null);
        }
        var isTrouble = type is { Subject: EventSubject.Account } or { Suppression: "bounced" };
        var (campaignId, campaignName) = Campaign(fields);
        return new WebhookEvent
        {
            Source = source,
            EventType = type?.Name ?? rawType?.ToLowerInvariant() ?? EventTypes.Unknown,
            RawEventType = rawType,
            Type = type,
            Label = type?.Name == EventTypes.LeadLabel ? NameText.Clean(label, EventLimits.EventType) : null,
            Workspace = fields.Whole(EventField.Workspace, EventLimits.Id),
            CampaignExternalId = campaignId,
            CampaignName = campaignName,
            ContactEmail = email,
            EmailNorm = email is null ? null : Emails.Normalize(email),
            InvalidEmail = invalidEmail,
            FirstName = NameText.Clean(fields.Text(EventField.FirstName, EventLimits.Name), EventLimits.Name),
            LastName = NameText.Clean(fields.Text(EventField.LastName, EventLimits.Name), EventLimits.Name),
            CompanyName = NameText.Clean(fields.Text(EventField.CompanyName, EventLimits.Name), EventLimits.Name),
            Title = NameText.Clean(fields.Text(EventField.Title, EventLimits.Name), EventLimits.Name),
            Phone = fields.Text(EventField.Phone, EventLimits.Phone),
            Website = fields.Website(EventField.Website),
            LinkedinUrl = fields.Website(EventField.LinkedinUrl),
            City = NameText.Clean(fields.Text(EventField.City, EventLimits.Name), EventLimits.Name),
            Region = NameText.Clean(fields.Text(EventField.Region, EventLimits.Name), EventLimits.Name),
            Country = NameText.Clean(fields.Text(EventField.Country, EventLimits.Name), EventLimits.Name),
            Timestamp = fields.Own(EventField.Timestamp, EventTimestamps.Read),
            Step = fields.Integer(EventField.Step),
            Variant = fields.Integer(EventField.Variant),
            IsFirst = fields.Boolean(EventField.IsFirst),
            EmailId = fields.Whole(EventField.EmailId, EventLimits.Id),
            EmailAccount = emailAccount,
            UniboxUrl = fields.Link(EventField.UniboxUrl),
            Subject = fields.Text(EventField.Subject, EventLimits.Subject),
            Snippet = fields.Text(EventField.Snippet, EventLimits.Snippet),
            Text = fields.Text(EventField.Text, EventLimits.Text),
            LinkUrl = fields.Link(EventField.LinkUrl),
            Message = isTrouble ? fields.Text(EventField.Message, EventLimits.Message) : null,
        };
    }

    private static (string? Id, string? Name) Campaign(EventFields fields)
    {
        var id = fields.Whole(EventField.CampaignId, EventLimits.Id);
        var name = fields.Text(EventField.CampaignName, EventLimits.CampaignName);
        if (id is null && fields.Whole(EventField.CampaignUuid, EventLimits.Id) is { } own && IsUuid(own))
        {
            id = own;
        }
        if (fields.FirstObject(EventField.Campaign) is { } campaign)
        {
            var members = new EventFields(CampaignObject, campaign);
            id ??= members.Whole(EventField.CampaignId, EventLimits.Id);
            name ??= members.Text(EventField.CampaignName, EventLimits.CampaignName);
        }
        else if (fields.Text(EventField.Campaign, EventLimits.CampaignName) is { } text)
        {
            (id, name) = IsUuid(text) ? (id ?? text, name) : (id, name ?? text);
        }
        return (id is not null && IsUuid(id) ? id.ToLowerInvariant() : id, NameText.Clean(name, EventLimits.CampaignName));
    }

    private static bool IsUuid(string text) => Guid.TryParseExact(text, "D", out _);
}
