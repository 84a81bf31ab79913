using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Processing;

namespace SalesBrain.Core.Tests.Webhooks.Events;

public sealed class CommonFormTests
{
    public static TheoryData<string> CommonSources =>
        [.. EventSources.All.Where(source => source.Name != "instantly").Select(source => source.Name)];

    [Theory]
    [MemberData(nameof(CommonSources))]
    public void Documented_form_is_read(string source)
    {
        var replied = Read(source, """
            {"event_type": "email.replied", "timestamp": "2025-01-15T10:30:00Z", "email": "Jane@Acme.example", "campaign_id": "C-7", "campaign_name": "Spring",
             "data": {"first_name": "Jane", "company": "Acme", "event_type": "email.bounced", "timestamp": "2001-01-01T00:00:00Z"}}
            """);

        Assert.Equivalent(new { Source = source, EventType = "email.replied", EmailNorm = "jane@acme.example" }, replied);
        Assert.Equivalent(new { CampaignExternalId = "C-7", CampaignName = "Spring", CampaignKey = "C-7" }, replied);
        Assert.Equivalent(new { FirstName = "Jane", CompanyName = "Acme" }, replied);
        Assert.Equal(new DateTime(2025, 1, 15, 10, 30, 0, DateTimeKind.Utc), replied.Timestamp);
    }

    [Theory]
    [InlineData("""{"eventType": "reply_received", "occurredAt": 1736937000, "contactEmail": "jane@acme.example", "campaignName": "Spring"}""")]
    [InlineData("""{"event": "EMAIL.REPLIED", "time": "1736937000000", "lead": {"email": "jane@acme.example"}, "campaign": {"name": "Spring"}}""")]
    [InlineData("""{"type": " email.replied ", "createdAt": "2025-01-15T11:30:00+01:00", "data": {"contact": {"emailAddress": "jane@acme.example"}}, "campaign": "Spring"}""")]
    public void Common_spellings_mean_the_same(string json)
    {
        var replied = Read("custom", json);

        Assert.Equivalent(new { EventType = "email.replied", EmailNorm = "jane@acme.example", CampaignKey = "name:spring" }, replied);
        Assert.Equal(new DateTime(2025, 1, 15, 10, 30, 0, DateTimeKind.Utc), replied.Timestamp);
    }

    [Fact]
    public void Forwarded_instantly_payload_is_read_as_from_instantly()
    {
        var json = Payloads.Fixture("reply_received");

        Assert.Equal(Payloads.Instantly(json) with { Source = "n8n" }, Read("n8n", json));
    }

    [Fact]
    public void Members_outside_win_over_nested_ones() =>
        Assert.Equal("a@acme.example", Read("make", """{"data": {"email": "b@acme.example"}, "email": "a@acme.example"}""").EmailNorm);

    [Fact]
    public void Flattened_members_of_zapier_are_found()
    {
        var sent = Read(
            "zapier",
            """{"event_type": "email_sent", "data__email": "jane@acme.example", "data__firstName": "Jane", "lead__company": "Acme"}""");

        Assert.Equivalent(new { EmailNorm = "jane@acme.example", FirstName = "Jane", CompanyName = "Acme" }, sent);
    }

    [Fact]
    public void Output_of_an_n8n_webhook_node_is_unwrapped()
    {
        const string json = """{"headers": {"host": "x"}, "query": {}, "body": {"event_type": "email_sent", "email": "jane@acme.example"}}""";

        Assert.All(CommonSources, source => Assert.Equal("email.sent", Read(source.Data, json).EventType));
        Assert.Equal("😀", Read("n8n", """{"event_type": "😀", "body": {"event_type": "email_sent"}}""").EventType);
    }

    [Theory]
    [InlineData("""{"body": {"event_type": "email_sent", "email": "jane@acme.example"}}""")]
    [InlineData("""{"json": {"event_type": "email_sent", "email": "jane@acme.example"}}""")]
    [InlineData("""{"payload": {"event_type": "email_sent", "email": "jane@acme.example"}}""")]
    [InlineData("""{"data": {"event_type": "email_sent", "email": "jane@acme.example"}}""")]
    [InlineData("""{"event": {"event_type": "email_sent", "email": "jane@acme.example"}}""")]
    [InlineData("""{"event": {"type": "email_sent"}, "contact": {"email": "jane@acme.example"}}""")]
    [InlineData("""{"body": {"json": {"data": {"event_type": "email_sent", "contact": {"email": "jane@acme.example"}}}}}""")]
    [InlineData("""{"payload": "{\"event_type\": \"email_sent\", \"email\": \"jane@acme.example\"}"}""")]
    public void Wrappers_are_opened_if_the_type_is_inside(string json)
    {
        var sent = Read("custom", json);

        Assert.Equivalent(new { EventType = "email.sent", EmailNorm = "jane@acme.example" }, sent);
    }

    [Theory]
    [InlineData("""{"data": {"email": "jane@acme.example"}}""")]
    [InlineData("""{"body": {"body": {"body": {"body": {"body": {"event_type": "email_sent"}}}}}}""")]
    [InlineData("""{"payload": "email_sent"}""")]
    [InlineData("""{"payload": "{\"event_type\": \"\\ud800\"}}"}""")]
    [InlineData("""{"method": "POST"}""")]
    public void Event_whose_type_is_not_found_has_none(string json)
    {
        var nothing = Read("custom", json);

        Assert.Equivalent(new { EventType = "unknown", RawEventType = (string?)null }, nothing);
        Assert.Equal("event_type_missing", WebhookEventRules.Decide(nothing).Failure?.Code);
    }

    [Theory]
    [InlineData("""{"id": "e-1"}""", "e-1")]
    [InlineData("""{"event_id": 7}""", "7")]
    [InlineData("""{"eventId": "e-1"}""", "e-1")]
    [InlineData("""{"uuid": "e-1"}""", "e-1")]
    [InlineData("""{"contact": {"id": "c-1"}}""", null)]
    [InlineData("""{"id": {"a": 1}}""", null)]
    [InlineData("""{"event": {"id": "e-1", "type": "email_sent"}, "id": "outer"}""", "e-1")]
    public void Senders_event_id_is_the_event_s_own(string json, string? id) => Assert.Equal(id, Read("custom", json).SenderEventId);

    [Fact]
    public void Smartlead_reply_is_read()
    {
        var reply = Read("custom", """
            {"webhook_id": 1, "stats_id": "s", "event_type": "EMAIL_REPLY", "event_timestamp": "2026-09-26T11:16:24.671Z", "from_email": "me@sender.example",
             "to_email": "alias@acme.example", "sl_lead_email": "Jane@acme.example", "to_name": "Jane Doe", "subject": "Re: Hello", "campaign_id": 123,
             "campaign_name": "Spring", "sequence_number": 2, "preview_text": "Sounds good", "reply_body": "<p>Sounds good</p>",
             "reply_message": {"message_id": "<m-1>", "text": "Sounds good, thanks"}, "app_url": "https://app.smartlead.ai/x"}
            """);

        Assert.Equivalent(new { EventType = "email.replied", EmailNorm = "jane@acme.example", EmailAccount = "me@sender.example" }, reply);
        Assert.Equivalent(new { FirstName = "Jane", LastName = "Doe", CampaignKey = "123", CampaignName = "Spring", Step = 2 }, reply);
        Assert.Equivalent(
            new { Subject = "Re: Hello", Text = "Sounds good", EmailId = "<m-1>", UniboxUrl = "https://app.smartlead.ai/x" },
            reply);
        Assert.Equal(new DateTime(2026, 9, 26, 11, 16, 24, 671, DateTimeKind.Utc), reply.Timestamp);
    }

    [Theory]
    [InlineData("""{"event_type": "EMAIL_LINK_CLICK", "to_email": "jane@acme.example", "time_clicked": "2026-01-15T10:45:00Z", "link_clicked": ["https://a.example/demo"]}""")]
    [InlineData("""{"event": "EMAIL_CLICKED", "timestamp": "2026-01-15T10:45:00Z", "link": {"url": "https://a.example/demo"}, "lead": {"email": "jane@acme.example"}}""")]
    [InlineData("""{"type": "emailsClicked", "createdAt": "2026-01-15T10:45:00Z", "leadEmail": "jane@acme.example", "url": "https://a.example/demo"}""")]
    [InlineData("""{"method": "link_clicked", "timestamp": "2026-01-15T11:45:00+0100", "prospect": {"email": "jane@acme.example"}, "click_url": "https://a.example/demo"}""")]
    [InlineData("""{"event": {"type": "link_clicked", "date": "2026-01-15T10:45:00.000Z"}, "contact_fields": {"email": "jane@acme.example"}, "url": "https://a.example/demo"}""")]
    public void Clicks_of_other_tools_are_read(string json)
    {
        var click = Read("custom", json);

        Assert.Equivalent(
            new { EventType = "email.link_clicked", EmailNorm = "jane@acme.example", LinkUrl = "https://a.example/demo" },
            click);
        Assert.Equal(new DateTime(2026, 1, 15, 10, 45, 0, DateTimeKind.Utc), click.Timestamp);
    }

    [Theory]
    [InlineData("""
        {"type": "emailsReplied", "_id": "act_1", "createdAt": "2026-01-15T10:45:00Z", "leadEmail": "jane@acme.example", "leadFirstName": "Jane", "leadLastName": "Doe",
         "campaignId": "c-1", "campaignName": "Spring", "sendUserEmail": "me@sender.example", "subject": "Re: Hello", "text": "Sounds good", "sequenceStep": 1}
        """)]
    [InlineData("""
        {"method": "prospect_replied", "prospect": {"id": 1, "email": "jane@acme.example", "first_name": "Jane", "last_name": "Doe", "campaign_id": "c-1",
         "campaign_name": "Spring", "campaign_email": "me@sender.example", "step": 1},
         "email": {"id": 2, "subject": "Re: Hello", "sender": "Jane", "email": "jane@acme.example", "message": "Sounds good"}, "timestamp": "2026-01-15T11:45:00+0100"}
        """)]
    [InlineData("""
        {"event": {"date": "2026-01-15T10:45:00.000Z", "id": "4c1b", "type": "email_replied"}, "contact_fields": {"id": 1, "email": "jane@acme.example", "first_name": "Jane",
         "last_name": "Doe"}, "sequence_fields": {"id": "c-1", "name": "Spring"}, "sender_email": "me@sender.example", "subject": "Re: Hello", "reply_text": "Sounds good"}
        """)]
    [InlineData("""
        {"eventType": "MESSAGE_REPLY_RECEIVED", "timestamp": "2026-01-15T10:45:00Z", "leadProfile": {"firstName": "Jane", "lastName": "Doe", "emailAddress": "jane@acme.example",
         "linkedInUrl": "https://linkedin.example/in/jane"}, "campaign": {"id": "c-1", "name": "Spring"}, "senderEmail": "me@sender.example",
         "message": {"id": "m", "subject": "Re: Hello", "text": "Sounds good"}}
        """)]
    public void Replies_of_other_tools_are_read(string json)
    {
        var reply = Read("make", json);

        Assert.Equivalent(new { EventType = "email.replied", EmailNorm = "jane@acme.example", EmailAccount = "me@sender.example" }, reply);
        Assert.Equivalent(new { FirstName = "Jane", LastName = "Doe", CampaignKey = "c-1", CampaignName = "Spring" }, reply);
        Assert.Equivalent(new { Subject = "Re: Hello", Text = "Sounds good" }, reply);
        Assert.Equal(new DateTime(2026, 1, 15, 10, 45, 0, DateTimeKind.Utc), reply.Timestamp);
    }

    [Fact]
    public void Smartlead_category_is_a_label() =>
        Assert.Equal("Hot", Read("n8n", """{"event_type": "LEAD_CATEGORY_UPDATED", "to_email": "jane@acme.example", "lead_category": {"old_name": "Cold", "new_name": "Hot"}}""").Label);

    [Fact]
    public void Label_event_carries_its_text() =>
        Assert.Equal("Hot", Read("custom", """{"event_type": "lead.label", "email": "jane@acme.example", "label": "Hot"}""").Label);

    [Fact]
    public void Unknown_type_keeps_its_name()
    {
        var accepted = Read(
            "weconnect", """{"event_type": "Connection Accepted", "email": "jane@acme.example", "profile_url": "linkedin.com/in/jane"}""");

        Assert.Equivalent(
            new { EventType = "connection accepted", RawEventType = "Connection Accepted", Type = (EventType?)null }, accepted);
        Assert.Equal("linkedin.com/in/jane", accepted.LinkedinUrl);
    }

    [Theory]
    [InlineData("javascript:alert(1)", null, null)]
    [InlineData("data:text/html,x", null, null)]
    [InlineData("acme.example:8080/x", null, "acme.example:8080/x")]
    [InlineData("HTTPS://acme.example", "HTTPS://acme.example", "HTTPS://acme.example")]
    public void Address_that_could_be_a_script_is_dropped(string address, string? link, string? website)
    {
        var clicked = Read(
            "custom",
            $$"""{"event_type": "email.link_clicked", "unibox_url": "{{address}}", "url": "{{address}}", "website": "{{address}}"}""");

        Assert.Equivalent(new { UniboxUrl = link, LinkUrl = link, Website = website }, clicked);
    }

    [Fact]
    public void Every_source_that_receives_is_named_once() =>
        Assert.Equal(
            ["instantly", "weconnect", "n8n", "zapier", "make", "custom"],
            EventSources.All.Where(source => source.Receives).Select(source => source.Name));

    private static WebhookEvent Read(string source, string json) => Payloads.Read(EventSources.Find(source)!, json);
}
