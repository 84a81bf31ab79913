using System.Text.Json;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Processing;

namespace SalesBrain.Core.Tests.Webhooks.Events;

public sealed class InstantlyTests
{
    [Fact]
    public void Sent_email_is_read()
    {
        var sent = Payloads.Instantly(Payloads.Fixture("email_sent"));

        Assert.Equal(
            new WebhookEvent
            {
                Source = "instantly",
                EventType = "email.sent",
                RawEventType = "email_sent",
                Type = EventTypes.Find("email.sent"),
                Workspace = "e55c02d4-0000-4000-8000-000000000001",
                CampaignExternalId = "ee128a07-0000-4000-8000-000000000002",
                CampaignName = "TestWebhookCampaign",
                ContactEmail = "lead@example.org",
                EmailNorm = "lead@example.org",
                EmailAccount = "sender@example.com",
                IsFirst = true,
                Step = 1,
                Variant = 1,
                Timestamp = new DateTime(2024, 10, 15, 17, 8, 33, 49, DateTimeKind.Utc),
            },
            sent);
    }

    [Fact]
    public void Reply_is_read_with_the_lead_fields()
    {
        var reply = Payloads.Instantly(Payloads.Fixture("reply_received"));

        Assert.Equal("email.replied", reply.EventType);
        Assert.Equal("John", reply.FirstName);
        Assert.Equal("+27000000000", reply.Phone);
        Assert.Null(reply.LastName);
        Assert.Null(reply.CompanyName);
        Assert.Null(reply.Website);
        Assert.Equivalent(new { Step = 1, Variant = 2, IsFirst = true }, reply);
        Assert.Equal("Re: meeting minutes question", reply.Subject);
        Assert.Equal("Yes please, thanks!", reply.Snippet);
        Assert.StartsWith("Yes please, thanks!\n\nOn Mon", reply.Text, StringComparison.Ordinal);
        Assert.StartsWith("https://app.instantly.ai/app/unibox?", reply.UniboxUrl, StringComparison.Ordinal);
    }

    [Fact]
    public void Custom_variables_are_not_looked_at()
    {
        var reply = Payloads.Instantly(Payloads.Fixture("reply_received_custom_variables"));

        Assert.Equivalent(new { FirstName = "Testy", LastName = "Mc" }, reply);
        Assert.Equal("0199e9d9-cc23-785a-a736-aaa9cabece0f", reply.EmailId);
        Assert.Null(reply.IsFirst);
        Assert.DoesNotContain("Example Realty", JsonSerializer.Serialize(reply), StringComparison.Ordinal);
    }

    [Fact]
    public void Click_is_read_by_its_delivered_name()
    {
        var click = Payloads.Instantly(Payloads.Fixture("link_clicked"));

        Assert.Equivalent(new { EventType = "email.link_clicked", RawEventType = "link_clicked" }, click);
        Assert.Equal(new DateTime(2025, 8, 2, 9, 12, 45, 120, DateTimeKind.Utc), click.Timestamp);
    }

    [Fact]
    public void Campaign_event_has_no_contact()
    {
        var completed = Payloads.Instantly(Payloads.Fixture("campaign_completed"));

        Assert.Equal("campaign.completed", completed.EventType);
        Assert.Equal("1e24d68f-0000-4000-8000-000000000002", completed.CampaignExternalId);
        Assert.Equal("Product Demo Outreach", completed.CampaignName);
        Assert.Null(completed.EmailNorm);
    }

    [Fact]
    public void Variables_that_look_like_fields_are_only_variables()
    {
        var opened = Payloads.Instantly("""
            {"event_type": "email_opened", "event_type_": "email_bounced", "Event_Type": "email_bounced", "eventType": "email_bounced",
             "lead_email": "lead@example.org", "timestamp_": "2020-01-01T00:00:00Z", "label": "Hot", "data": {"step": 7}, "title": {"a": [1]},
             "campaign": "Spring", "first_name": "Jane"}
            """);

        Assert.Equal("email.opened", opened.EventType);
        Assert.Null(opened.Label);
        Assert.Null(opened.Timestamp);
        Assert.Null(opened.Step);
        Assert.Null(opened.CampaignKey);
        Assert.Null(opened.FirstName);
    }

    [Fact]
    public void Lead_variable_email_stands_in_for_a_missing_or_broken_lead_email()
    {
        Assert.Equal(
            "jane@acme.example",
            Payloads.Instantly("""{"event_type": "email_opened", "lead_email": null, "email": " Jane@Acme.example "}""").EmailNorm);
        Assert.Equal(
            "jane@acme.example",
            Payloads.Instantly("""{"event_type": "email_opened", "lead_email": "-", "email": "jane@acme.example"}""").EmailNorm);
    }

    [Fact]
    public void Campaign_variable_stands_in_for_a_missing_id_when_it_is_one() =>
        Assert.Equal(
            "4ea94d08-0000-4000-8000-000000000002",
            Payloads.Instantly("""{"event_type": "email_sent", "campaign_id": null, "campaign": "4EA94D08-0000-4000-8000-000000000002"}""").CampaignExternalId);

    [Theory]
    [InlineData("Heißer Lead")]
    [InlineData("高意向")]
    [InlineData("Call back in Q3 😀")]
    [InlineData("hot")]
    [InlineData("Hot_Lead")]
    [InlineData("hot_lead_")]
    [InlineData("2nd_call")]
    [InlineData("hot lead_now")]
    public void Text_that_names_no_type_is_the_lead_s_label(string text)
    {
        var labelled = Payloads.Instantly($$"""{"event_type": "  {{text}} ", "lead_email": "lead@example.org"}""");

        Assert.Equivalent(new { EventType = "lead.label", RawEventType = text, Label = text }, labelled);
        Assert.Equal("label", WebhookEventRules.Decide(labelled).Type?.Interest);
    }

    [Theory]
    [InlineData("lead_went_cold")]
    [InlineData("email_sent_v2")]
    [InlineData("a_1")]
    public void Text_that_looks_like_a_type_is_one_that_is_not_known_yet(string text)
    {
        var added = Payloads.Instantly($$"""{"event_type": "{{text}}", "lead_email": "lead@example.org"}""");

        Assert.Equivalent(new { EventType = text, Type = (EventType?)null }, added);
        Assert.True(WebhookEventRules.Decide(added).IsIgnored);
    }

    [Fact]
    public void Text_without_a_lead_is_no_label()
    {
        var labelled = Payloads.Instantly("""{"event_type": "Hot Lead"}""");

        Assert.Equivalent(new { EventType = "hot lead", RawEventType = "Hot Lead", Type = (EventType?)null }, labelled);
    }

    [Fact]
    public void Label_whose_lead_has_a_broken_address_fails_instead_of_vanishing() =>
        Assert.Equal(
            "contact_email_invalid",
            WebhookEventRules.Decide(Payloads.Instantly("""{"event_type": "Hot Lead", "lead_email": "nobody"}""")).Failure?.Code);

    [Theory]
    [InlineData("custom_label_any_positive", "Positive")]
    [InlineData("CUSTOM_LABEL_ANY_NEGATIVE", "Negative")]
    [InlineData("lead.label", null)]
    public void Subscription_names_of_labels_are_labels(string type, string? label)
    {
        var labelled = Payloads.Instantly($$"""{"event_type": "{{type}}", "lead_email": "lead@example.org"}""");

        Assert.Equivalent(new { EventType = "lead.label", Label = label }, labelled);
    }

    [Fact]
    public void Address_in_an_account_event_is_the_account_s()
    {
        var error = Payloads.Instantly(
            """{"event_type": "account_error", "email": "sender@example.com", "message": "SMTP login failed"}""");

        Assert.Equivalent(new { EmailNorm = (string?)null, EmailAccount = "sender@example.com", Message = "SMTP login failed" }, error);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"email_sent\"")]
    [InlineData("""{"event_type": null}""")]
    [InlineData("""{"event_type": {"a": 1}}""")]
    [InlineData("""{"event_type": "  "}""")]
    public void Payload_without_a_type_is_unknown_and_fails(string json)
    {
        var nothing = Payloads.Instantly(json);

        Assert.Equivalent(new { EventType = "unknown", RawEventType = (string?)null }, nothing);
        Assert.Equal("event_type_missing", WebhookEventRules.Decide(nothing).Failure?.Code);
    }

    [Theory]
    [InlineData("email_replied", "email.replied")]
    [InlineData("EMAIL_REPLIED", "email.replied")]
    [InlineData("email.clicked", "email.link_clicked")]
    [InlineData("Unsubscribed", "lead.unsubscribed")]
    [InlineData("Meeting booked", "lead.label")]
    [InlineData("replied", "lead.label")]
    [InlineData("Sent", "lead.label")]
    public void Near_spelling_is_a_type_and_words_are_a_label(string text, string type) =>
        Assert.Equal(type, Payloads.Instantly($$"""{"event_type": "{{text}}", "lead_email": "lead@example.org"}""").EventType);

    [Fact]
    public void Wrapper_is_opened_and_nothing_else_is_read_from_it()
    {
        var sent = Payloads.Instantly("""{"body": {"event_type": "email_sent", "lead_email": "a@example.org", "id": 7}, "lead_email": "b@example.org", "campaign_id": "c"}""");

        Assert.Equivalent(
            new { EventType = "email.sent", EmailNorm = "a@example.org", CampaignKey = (string?)null, SenderEventId = (string?)null },
            sent);
    }
}
