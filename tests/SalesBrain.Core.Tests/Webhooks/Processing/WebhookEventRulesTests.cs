using FsCheck.Fluent;
using SalesBrain.Core.Tests.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Processing;

namespace SalesBrain.Core.Tests.Webhooks.Processing;

public sealed class WebhookEventRulesTests
{
    [Theory]
    [InlineData("email_sent", "contacted", null, null, "sent", null)]
    [InlineData("email_opened", null, null, null, "opened", null)]
    [InlineData("link_clicked", null, null, null, "clicked", null)]
    [InlineData("email_link_clicked", null, null, null, "clicked", null)]
    [InlineData("reply_received", "responded", null, null, "replied", "assignee")]
    [InlineData("auto_reply_received", null, null, null, null, null)]
    [InlineData("email_bounced", null, null, "bounced", "bounced", null)]
    [InlineData("lead_unsubscribed", null, null, "unsubscribed", "unsubscribed", null)]
    [InlineData("lead_interested", null, "interested", null, "interested", "assignee")]
    [InlineData("lead_interested_maybe", null, "interested_maybe", null, null, null)]
    [InlineData("lead_neutral", null, "neutral", null, null, null)]
    [InlineData("lead_not_interested", null, "not_interested", null, null, null)]
    [InlineData("lead_meeting_booked", null, "meeting_booked", null, null, "assignee")]
    [InlineData("lead_meeting_completed", null, "meeting_completed", null, null, null)]
    [InlineData("lead_meeting_cancelled", null, "meeting_cancelled", null, null, "assignee")]
    [InlineData("lead_no_show", null, "no_show", null, null, null)]
    [InlineData("lead_closed", "converted", null, null, null, null)]
    [InlineData("lead_out_of_office", null, "out_of_office", null, null, null)]
    [InlineData("lead_wrong_person", null, "wrong_person", null, null, null)]
    [InlineData("custom_label_any_positive", null, "label", null, null, null)]
    [InlineData("Ring back in May", null, "label", null, null, null)]
    public void Event_of_a_lead_has_these_effects(
        string wireName, string? status, string? interest, string? suppression, string? counter, string? audience)
    {
        var type = WebhookEventRules.Decide(
            Payloads.Instantly($$"""{"event_type": "{{wireName}}", "lead_email": "lead@example.org"}""")).Type;

        Assert.Equal(status, type?.LeadStatus);
        Assert.Equal(interest, type?.Interest);
        Assert.Equal(suppression, type?.Suppression);
        Assert.Equal(counter, type?.Counter);
        Assert.Equal(audience, type?.Audience);
    }

    [Theory]
    [InlineData("campaign_started", "active", null)]
    [InlineData("campaign_completed", "completed", null)]
    [InlineData("account_error", null, "administrators")]
    [InlineData("account_warning", null, "administrators")]
    public void Event_without_a_lead_has_these_effects(string wireName, string? campaignStatus, string? audience)
    {
        var type = WebhookEventRules.Decide(Payloads.Instantly($$"""{"event_type": "{{wireName}}", "campaign_id": "c1"}""")).Type;

        Assert.Equal(campaignStatus, type?.CampaignStatus);
        Assert.Equal(audience, type?.Audience);
        Assert.Null(type?.LeadStatus);
        Assert.Null(type?.Counter);
    }

    [Fact]
    public void Every_type_with_its_required_field_is_applied_or_ignored() =>
        Assert.All(EventTypes.All, type =>
        {
            var decision = WebhookEventRules.Decide(
                Payloads.Read(
                    EventSources.Custom, $$"""{"event_type": "{{type.Name}}", "email": "lead@example.org", "campaign_name": "Spring"}"""));

            Assert.Equal(type.IsIgnored, decision.IsIgnored);
            Assert.Equal(type.IsIgnored ? null : type, decision.Type);
            Assert.Null(decision.Failure);
        });

    [Fact]
    public void Every_type_of_a_contact_fails_without_an_address() =>
        Assert.All(EventTypes.All.Where(type => type.Category is "email" or "lead"), type =>
            Assert.Equal(WebhookFailures.ContactEmailMissing, Decide($$"""{"event_type": "{{type.Name}}", "lead_email": ""}""").Failure));

    [Theory]
    [InlineData("""{"event_type": "email_sent", "lead_email": "nobody"}""", "contact_email_invalid")]
    [InlineData("""{"event_type": "campaign_started", "lead_email": "lead@example.org"}""", "campaign_id_missing")]
    public void Event_without_a_required_field_fails_with_a_code(string json, string code) =>
        Assert.Equal(code, Decide(json).Failure?.Code);

    [Theory]
    [InlineData("email.sent", true)]
    [InlineData("some_new_type", true)]
    public void Repeating_is_allowed_for_idempotent_types(string type, bool allowed) =>
        Assert.Equal(allowed, WebhookEventRules.MayRepeat(type));

    [Fact]
    public void Failure_codes_are_unique_and_say_what_to_do() =>
        Assert.All(WebhookFailures.All.GroupBy(failure => failure.Code), same =>
            Assert.EndsWith(".", Assert.Single(same).Message, StringComparison.Ordinal));

    [Theory]
    [InlineData(
        """{"event_type": "reply_received", "lead_email": "lead@example.org", "firstName": "John", "lastName": "Mc", "campaign_name": "Spring", "reply_text_snippet": "Yes\n please"}""",
        "assignee", "Reply received", "John Mc in Spring: Yes please")]
    [InlineData("""{"event_type": "lead_meeting_booked", "lead_email": "lead@example.org"}""", "assignee", "Meeting booked", "lead@example.org")]
    [InlineData("""{"event_type": "lead_interested", "lead_email": "lead@example.org", "lastName": "Mc"}""", "assignee", "Interested", "Mc")]
    [InlineData("""{"event_type": "account_error", "email_account": "sender@example.com", "error": "Login failed"}""", "administrators", "Sending account error", "sender@example.com: Login failed")]
    [InlineData("""{"event_type": "account_warning"}""", "administrators", "Sending account warning", "A sending account")]
    public void Notification_names_person_and_event(string json, string audience, string title, string body) =>
        Assert.Equal(new WebhookNotification(audience, title, body), WebhookEventRules.Notification(Payloads.Instantly(json)));

    [Fact]
    public void Other_types_notify_no_one() =>
        Assert.Null(
            WebhookEventRules.Notification(Payloads.Instantly("""{"event_type": "email_opened", "lead_email": "lead@example.org"}""")));

    [Fact]
    public void Retries_wait_longer_and_end() =>
        Assert.Equal(
            ["00:01:00", "00:05:00", "00:30:00", "02:00:00", "06:00:00", null],
            Enumerable.Range(1, 6).Select(failures => RetryRules.DelayAfter(failures)?.ToString()));

    private static WebhookDecision Decide(string json) => WebhookEventRules.Decide(Payloads.Instantly(json));
}
