using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>
/// Events as each source would send them, for trying an endpoint. They are always about the same contact and campaign, which say that they
/// are tests; example.com can't receive mail (RFC 2606).
/// </summary>
public static class SampleEvents
{
    private const string Email = "test.contact@example.com";
    private const string Sender = "test.sender@example.com";
    private const string CampaignId = "7e57e7e5-7000-4000-8000-000000000001";
    private const string CampaignName = "SalesBrain test";
    private const string Workspace = "7e57e7e5-7000-4000-8000-000000000002";
    private const string Label = "Test label";

    /// <summary>The body of a delivery with one event that happened at <paramref name="time"/> (UTC).</summary>
    public static byte[] Create(EventSource source, EventType type, DateTime time)
    {
        var timestamp = time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return JsonSerializer.SerializeToUtf8Bytes(
            source == EventSources.Instantly ? Instantly(type, timestamp) : Common(source, type, timestamp));
    }

    /// <summary>Flat, the lead's variables among the members, as captured in the fixtures.</summary>
    private static JsonObject Instantly(EventType type, string timestamp)
    {
        var json = new JsonObject
        {
            ["timestamp"] = timestamp,
            ["event_type"] = type.Name == EventTypes.LeadLabel ? Label : type.WireNames[0],
            ["workspace"] = Workspace,
        };
        if (type.Subject is EventSubject.Contact or EventSubject.Campaign)
        {
            json["campaign_id"] = CampaignId;
            json["campaign_name"] = CampaignName;
        }
        if (type.Subject is EventSubject.Contact or EventSubject.Account)
        {
            json["email_account"] = Sender;
        }
        if (type.Subject == EventSubject.Account)
        {
            json["error_message"] = "This is only a test.";
        }
        if (type.Subject != EventSubject.Contact)
        {
            return json;
        }
        json["unibox_url"] = null;
        json["is_first"] = true;
        json["lead_email"] = Email;
        json["email"] = Email;
        json["firstName"] = "Test";
        json["lastName"] = "Contact";
        json["companyName"] = "Example";
        json["step"] = 1;
        json["variant"] = 1;
        if (type.Name is "email.replied" or "email.auto_replied")
        {
            json["reply_subject"] = "Re: Test";
            json["reply_text_snippet"] = "This is only a test.";
            json["reply_text"] = "This is only a test.\n\nOn Mon, Test Sender wrote:\n\n> Test\n";
            json["reply_html"] = "<div>This is only a test.</div>";
        }
        return json;
    }

    /// <summary>The form that every other source is asked to send.</summary>
    private static JsonObject Common(EventSource source, EventType type, string timestamp)
    {
        var json = new JsonObject { ["event_type"] = type.Name, ["timestamp"] = timestamp };
        if (type.Subject is EventSubject.Contact or EventSubject.Campaign)
        {
            json["campaign_id"] = CampaignId;
            json["campaign_name"] = CampaignName;
        }
        if (type.Subject == EventSubject.Account)
        {
            json["email_account"] = Sender;
            json["error_message"] = "This is only a test.";
        }
        if (type.Subject != EventSubject.Contact)
        {
            return json;
        }
        json["email"] = Email;
        if (source == EventSources.WeConnect)
        {
            json["profile_url"] = "https://www.linkedin.com/in/test-contact";
        }
        var data = new JsonObject { ["first_name"] = "Test", ["last_name"] = "Contact", ["company_name"] = "Example" };
        if (type.Name is "email.replied" or "email.auto_replied")
        {
            data["reply_text"] = "This is only a test.";
        }
        if (type.Name == EventTypes.LeadLabel)
        {
            data["label"] = Label;
        }
        if (source == EventSources.Zapier)
        {
            // Its webhook action flattens nested members.
            foreach (var (name, value) in data)
            {
                json[$"data__{name}"] = value?.DeepClone();
            }
        }
        else
        {
            json["data"] = data;
        }
        return json;
    }
}
