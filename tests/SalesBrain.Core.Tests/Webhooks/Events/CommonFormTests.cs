using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;

namespace SalesBrain.Core.Tests.Webhooks.Events;

public sealed class CommonFormTests
{
    public static TheoryData<string> CommonSources => [.. EventSources.All.Where(source => source.Name != "instantly").Select(source => source.Name)];

    [Theory]
    [MemberData(nameof(CommonSources))]
    public void Documented_form_is_read(string source)
    {
        var replied = Read(source, """
            {"event_type": "email.replied", "timestamp": "2025-01-15T10:30:00Z", "email": "Jane@Acme.example", "campaign_id": "C-7", "campaign_name": "Spring",
             "data": {"first_name": "Jane", "company": "Acme", "event_type": "email.bounced", "timestamp": "2001-01-01T00:00:00Z"}}
            """);

        Assert.Equal((source, "email.replied", "jane@acme.example"), (replied.Source, replied.EventType, replied.EmailNorm));
        Assert.Equal(("C-7", "Spring", "C-7"), (replied.CampaignExternalId, replied.CampaignName, replied.CampaignKey));
        Assert.Equal(("Jane", "Acme"), (replied.FirstName, replied.CompanyName));
        Assert.Equal(new DateTime(2025, 1, 15, 10, 30, 0, DateTimeKind.Utc), replied.Timestamp);
    }

    [Theory]
    [InlineData("""{"eventType": "reply_received", "occurredAt": 1736937000, "contactEmail": "jane@acme.example", "campaignName": "Spring"}""")]
    [InlineData("""{"event": "EMAIL.REPLIED", "time": "1736937000000", "lead": {"email": "jane@acme.example"}, "campaign": {"name": "Spring"}}""")]
    [InlineData("""{"type": " email.replied ", "createdAt": "2025-01-15T11:30:00+01:00", "data": {"contact": {"emailAddress": "jane@acme.example"}}, "campaign": "Spring"}""")]
    public void Common_spellings_mean_the_same(string json)
    {
        var replied = Read("custom", json);

        Assert.Equal(("email.replied", "jane@acme.example", "name:spring"), (replied.EventType, replied.EmailNorm, replied.CampaignKey));
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
        var sent = Read("zapier", """{"event_type": "email_sent", "data__email": "jane@acme.example", "data__firstName": "Jane", "lead__company": "Acme"}""");

        Assert.Equal(("jane@acme.example", "Jane", "Acme"), (sent.EmailNorm, sent.FirstName, sent.CompanyName));
    }

    [Fact]
    public void Output_of_an_n8n_webhook_node_is_unwrapped()
    {
        const string json = """{"headers": {"host": "x"}, "query": {}, "body": {"event_type": "email_sent", "email": "jane@acme.example"}}""";

        Assert.Equal("email.sent", Read("n8n", json).EventType);
        Assert.Equal("unknown", Read("custom", json).EventType);
        Assert.Equal("😀", Read("n8n", """{"event_type": "😀", "body": {"event_type": "email_sent"}}""").EventType);
    }

    [Fact]
    public void Label_event_carries_its_text() =>
        Assert.Equal("Hot", Read("custom", """{"event_type": "lead.label", "email": "jane@acme.example", "label": "Hot"}""").Label);

    [Fact]
    public void Unknown_type_keeps_its_name()
    {
        var accepted = Read("weconnect", """{"event_type": "Connection Accepted", "email": "jane@acme.example", "profile_url": "linkedin.com/in/jane"}""");

        Assert.Equal(("connection accepted", "Connection Accepted", false), (accepted.EventType, accepted.RawEventType, accepted.IsKnown));
        Assert.Equal("linkedin.com/in/jane", accepted.LinkedinUrl);
    }

    [Theory]
    [InlineData("javascript:alert(1)", null, null)]
    [InlineData("data:text/html,x", null, null)]
    [InlineData("acme.example:8080/x", null, "acme.example:8080/x")]
    [InlineData("HTTPS://acme.example", "HTTPS://acme.example", "HTTPS://acme.example")]
    public void Address_that_could_be_a_script_is_dropped(string address, string? link, string? website)
    {
        var clicked = Read("custom", $$"""{"event_type": "email.link_clicked", "unibox_url": "{{address}}", "url": "{{address}}", "website": "{{address}}"}""");

        Assert.Equal((link, link, website), (clicked.UniboxUrl, clicked.LinkUrl, clicked.Website));
    }

    [Fact]
    public void Every_source_that_receives_is_named_once() =>
        Assert.Equal(
            ["instantly", "weconnect", "n8n", "zapier", "make", "custom"],
            EventSources.All.Where(source => source.Receives).Select(source => source.Name));

    private static WebhookEvent Read(string source, string json) => Payloads.Read(EventSources.Find(source)!, json);
}
