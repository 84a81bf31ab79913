using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Processing;

namespace SalesBrain.Core.Tests.Webhooks.Events;

public sealed class EventReaderTests
{
    private static readonly JsonSerializerOptions Readable =
        new(ColumnJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [Fact]
    public void Reading_never_fails_and_returns_storable_values() =>
        Prop.ForAll(Payloads.Arbitrary, json => EventSources.All.All(source => IsStorable(Payloads.Read(source, json))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Lone_surrogates_and_nul_are_replaced()
    {
        var sent = Payloads.Instantly("""{"event_type": "email_sent", "firstName": "a\u0000b\ud83dc\ude00", "lastName": "\ud83d\ude00", "companyName": "\ud83d\ud83d\ude00"}""");

        Assert.Equivalent(new { FirstName = "a\uFFFDb\uFFFDc\uFFFD", LastName = "😀", CompanyName = "\uFFFD😀" }, sent);
    }

    [Fact]
    public void Escaped_names_are_the_same_names_and_the_last_of_two_counts()
    {
        var sent = Payloads.Instantly(
            """{"event_type": "email_sent", "\u0065vent_type": "email_opened", "\u0020event_type": "email_bounced"}""");

        Assert.Equal("email.opened", sent.EventType);
    }

    [Fact]
    public void Megabyte_strings_are_cut_between_characters()
    {
        var emoji = string.Concat(Enumerable.Repeat("😀", 300_000));
        var sent = Payloads.Instantly($$"""{"event_type": "email_sent", "campaign_name": "x{{emoji}}", "firstName": "{{emoji}}", "email_id": "{{emoji}}", "lead_email": "{{emoji}}@acme.example"}""");

        Assert.Equal(EventLimits.CampaignName - 1, sent.CampaignName?.Length);
        Assert.Equal(EventLimits.Name, sent.FirstName?.Length);
        Assert.Null(sent.EmailId);
        Assert.Null(sent.ContactEmail);
        Assert.NotNull(sent.InvalidEmail);
    }

    [Fact]
    public void Blanks_before_a_text_do_not_use_up_its_room()
    {
        var blanks = new string('\u3000', 5000);

        Assert.Equal("Jane", Payloads.Instantly($$"""{"firstName": "{{blanks}}\n\t {{blanks}}Jane{{blanks}}"}""").FirstName);
    }

    [Theory]
    [InlineData("12345", "12345")]
    [InlineData("1e400", "1e400")]
    [InlineData("true", null)]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    [InlineData("[\"x\"]", null)]
    [InlineData("\"  \"", null)]
    public void Number_is_read_as_text_and_no_other_type_is(string value, string? phone) =>
        Assert.Equal(phone, Payloads.Instantly($$"""{"phone": {{value}}}""").Phone);

    [Fact]
    public void Names_are_one_line_without_invisible_characters_and_urls()
    {
        var sent = Payloads.Instantly("""
            {"event_type": "email_sent", "firstName": "Jose\u0301\u200b", "lastName": "Two\nlines", "companyName": "https://acme.example/about", "campaign_name": "Q3\u202e",
            "city": "Zu\u0308rich"}
            """);

        Assert.Equivalent(
            new
            {
                FirstName = "Jos\u00E9",
                LastName = "Two lines",
                CompanyName = "acme.example",
                CampaignName = "Q3",
                City = "Z\u00FCrich",
            },
            sent);
    }

    [Theory]
    [InlineData("2", 2)]
    [InlineData("2.0", 2)]
    [InlineData("\" 2 \"", 2)]
    [InlineData("2.5", null)]
    [InlineData("99999999999", null)]
    [InlineData("\"second\"", null)]
    [InlineData("true", null)]
    public void Step_is_a_whole_number(string value, int? step) =>
        Assert.Equal(step, Payloads.Instantly($$"""{"step": {{value}}}""").Step);

    [Theory]
    [InlineData("jane")]
    [InlineData("jane doe@acme.example")]
    [InlineData("jane@acme.example, joe@acme.example")]
    [InlineData("\\ud83d@acme.example\\u0000")]
    public void Address_that_is_none_is_missing_and_flagged(string email)
    {
        var sent = Payloads.Instantly($$"""{"event_type": "email_sent", "lead_email": "{{email}}"}""");

        Assert.Null(sent.ContactEmail);
        Assert.Null(sent.EmailNorm);
        Assert.NotNull(sent.InvalidEmail);
    }

    [Fact]
    public void Address_one_character_too_long_is_not_truncated()
    {
        var longest = new string('a', 64) + "@acme.example";

        Assert.Equal(longest, Payloads.Instantly($$"""{"lead_email": "{{longest}}"}""").ContactEmail);
        Assert.Null(Payloads.Instantly($$"""{"lead_email": "a{{longest}}"}""").ContactEmail);
    }

    [Fact]
    public void Address_is_cleaned_and_the_long_text_around_it_does_not_matter()
    {
        var sent = Payloads.Instantly(
            $$"""{"event_type": "email_sent", "lead_email": "{{new string('x', 500)}} <mailto:Jane@ACME.example>"}""");

        Assert.Equivalent(new { ContactEmail = "Jane@acme.example", EmailNorm = "jane@acme.example", InvalidEmail = (string?)null }, sent);
    }

    [Fact]
    public void Details_hold_known_members_only()
    {
        var reply = Payloads.Instantly(Payloads.Fixture("reply_received_custom_variables"));

        Assert.Equal(
            """
            {"step":1,"variant":1,"subject":"Re: Your property","snippet":"Yes I'm interested! …","text":"Yes I'm interested! …","email_id":"0199e9d9-cc23-785a-a736-aaa9cabece0f","email_account":"sender@example.com","unibox_url":"https://app.instantly.ai/app/unibox?thread_search=thread:1e-_XXXXXXXXXXXXXXXXXXXXXX&selected_wks=51c0231c-0000-4000-8000-000000000001"}
            """,
            JsonSerializer.Serialize(EventDetails.Of(reply), Readable));
    }

    private static bool IsStorable(WebhookEvent webhookEvent) =>
        typeof(WebhookEvent).GetProperties()
            .Where(property => property.PropertyType == typeof(string))
            .Select(property => (string?)property.GetValue(webhookEvent))
            .All(text => text is null || (text.Length > 0 && text == text.Trim() && !text.Contains('\0') && Strict.GetByteCount(text) > 0))
        && JsonSerializer.Serialize(EventDetails.Of(webhookEvent), ColumnJson.Options).Length > 1
        && webhookEvent.EventType.Length <= EventLimits.EventType
        && webhookEvent.OccurredAt(DateTime.UtcNow).Kind == DateTimeKind.Utc
        && WebhookEventRules.Decide(webhookEvent) is not null
        && DedupeKey.Of(webhookEvent, default, default, DateTime.UtcNow).Value.Length == 32;
}
