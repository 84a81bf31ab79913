using System.Text.Json;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>Converts a payload to a <see cref="WebhookEvent"/> with the mapping of its source.</summary>
internal static class EventReader
{
    private static readonly SourceMapping CampaignObject = new((EventField.CampaignId, ["id"]), (EventField.CampaignName, ["name"]));

    /// <summary>Never throws, whatever the payload is.</summary>
    public static WebhookEvent Read(string source, SourceMapping mapping, ReadingSettings? settings, JsonElement payload)
    {
        var fields = new EventFields(mapping, settings, payload);
        var (rawType, type) = fields.EventType();
        var (email, invalidEmail) = fields.Email(EventField.Email);
        var emailAccount = Emails.Shown(fields.Whole(EventField.EmailAccount, Emails.MaxLength));
        var label = fields.Text(EventField.Label, EventLimits.EventType);
        if (type is null && rawType is not null && mapping.IsLabel(rawType, email is not null || invalidEmail is not null))
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
            emailAccount ??= email?.Address;
            (email, invalidEmail) = (null, null);
        }
        var isTrouble = type is { Subject: EventSubject.Account } or { Suppression: "bounced" };
        var message = isTrouble ? fields.Text(EventField.Message, EventLimits.Message) : null;
        var text = fields.Text(EventField.Text, EventLimits.Text);
        var (amount, currency) = type is { LeadStatus: "converted" } ? Deal(fields, mapping) : (null, null);
        var (campaignId, campaignName) = Campaign(fields);
        var (firstName, lastName) = Name(fields);
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
            ContactEmail = email?.Address,
            EmailNorm = email?.Norm,
            InvalidEmail = invalidEmail,
            FirstName = NameText.Clean(firstName, EventLimits.Name),
            LastName = NameText.Clean(lastName, EventLimits.Name),
            CompanyName = NameText.Clean(fields.Text(EventField.CompanyName, EventLimits.Name), EventLimits.Name),
            Title = NameText.Clean(fields.Text(EventField.Title, EventLimits.Name), EventLimits.Name),
            Phone = fields.Text(EventField.Phone, EventLimits.Phone),
            Website = fields.Website(EventField.Website),
            LinkedinUrl = fields.Website(EventField.LinkedinUrl),
            City = NameText.Clean(fields.Text(EventField.City, EventLimits.Name), EventLimits.Name),
            Region = NameText.Clean(fields.Text(EventField.Region, EventLimits.Name), EventLimits.Name),
            Country = NameText.Clean(fields.Text(EventField.Country, EventLimits.Name), EventLimits.Name),
            Timestamp = fields.Time(EventField.Timestamp),
            SenderEventId = fields.OwnWhole(EventField.EventId, EventLimits.Id),
            Step = fields.Integer(EventField.Step),
            Variant = fields.Integer(EventField.Variant),
            IsFirst = fields.Boolean(EventField.IsFirst),
            EmailId = fields.Whole(EventField.EmailId, EventLimits.Id),
            EmailAccount = emailAccount,
            UniboxUrl = fields.Link(EventField.UniboxUrl),
            Subject = fields.Text(EventField.Subject, EventLimits.Subject),
            Snippet = fields.Text(EventField.Snippet, EventLimits.Snippet),
            // Where a bounce is described in what else is the message's text.
            Text = text == message ? null : text,
            LinkUrl = fields.Link(EventField.LinkUrl),
            Message = message,
            DealAmount = amount,
            DealCurrency = currency,
        };
    }

    private static (decimal? Amount, string? Currency) Deal(EventFields fields, SourceMapping mapping)
    {
        var currency = Currencies.Read(fields.Whole(EventField.DealCurrency, EventLimits.Currency));
        return fields.Amount(EventField.DealAmount) is { } amount && (currency is not null || !mapping.AmountsNeedCurrency)
            ? (amount, currency)
            : (null, null);
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

    private static (string? First, string? Last) Name(EventFields fields)
    {
        var first = fields.Text(EventField.FirstName, EventLimits.Name);
        var last = fields.Text(EventField.LastName, EventLimits.Name);
        if (first is not null || last is not null || fields.Text(EventField.FullName, EventLimits.Name) is not { } full
            || full.Contains('@'))
        {
            return (first, last);
        }
        var end = full.AsSpan().IndexOfAny(' ', '\u00A0');
        return end < 0 ? (full, null) : (full[..end], full[end..].Trim());
    }

    private static bool IsUuid(string text) => Guid.TryParseExact(text, "D", out _);
}
