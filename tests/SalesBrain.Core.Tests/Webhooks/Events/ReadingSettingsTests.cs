using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;

namespace SalesBrain.Core.Tests.Webhooks.Events;

public sealed class ReadingSettingsTests
{
    private const string Aliases = """{"DEAL_WON": "lead.closed", "hot lead": "lead.interested", "email_sent": "email.opened"}""";

    private const string Paths = """
        {"event_type": "/meta/kind", "timestamp": "/meta/at", "email": "/people/1/mail", "first_name": "/people/1/given~1name", "campaign_id": "/where/id",
         "campaign_name": "/where/na~0me"}
        """;

    [Theory]
    [InlineData("DEAL_WON", "lead.closed")]
    [InlineData("deal-won", "lead.closed")]
    [InlineData("Hot Lead", "lead.interested")]
    [InlineData("email_sent", "email.opened")]
    [InlineData("email_replied", "email.replied")]
    public void Alias_comes_before_the_known_names(string name, string type)
    {
        foreach (var source in EventSources.All)
        {
            var read = Read(source, $$"""{"event_type": "{{name}}", "email": "jane@acme.example"}""", Aliases, "{}");
            Assert.Equivalent(new { EventType = type, RawEventType = name }, read);
        }
    }

    [Fact]
    public void Fields_are_read_at_their_paths()
    {
        var read = Read(EventSources.Custom, """
            {"event_type": "email_sent", "email": "other@acme.example", "meta": {"kind": "DEAL_WON", "at": 1736937000},
             "people": [{}, {"mail": "<Jane@acme.example>", "given/name": "Jane"}], "where": {"id": 7, "na~me": "Spring"}}
            """, Aliases, Paths);

        Assert.Equivalent(new { EventType = "lead.closed", RawEventType = "DEAL_WON", EmailNorm = "jane@acme.example" }, read);
        Assert.Equivalent(new { FirstName = "Jane", CampaignKey = "7", CampaignName = "Spring" }, read);
        Assert.Equal(new DateTime(2025, 1, 15, 10, 30, 0, DateTimeKind.Utc), read.Timestamp);
    }

    [Fact]
    public void Field_that_is_not_at_its_path_has_its_usual_name()
    {
        var read = Read(
            EventSources.Custom, """{"event_type": "email_sent", "email": "jane@acme.example", "people": [{}, {"mail": {}}], "meta": []}""",
            "{}", Paths);

        Assert.Equivalent(new { EventType = "email.sent", EmailNorm = "jane@acme.example" }, read);
    }

    [Fact]
    public void Path_leads_from_the_delivered_object_or_from_the_opened_one()
    {
        const string Kind = """{"event_type": "/kind"}""";

        Assert.Equal(
            "email.sent",
            Read(EventSources.Custom, """{"kind": "email_sent", "body": {"event_type": "email_opened"}}""", "{}", Kind).EventType);
        Assert.Equal(
            "email.sent",
            Read(EventSources.Custom, """{"body": {"event_type": "email_opened", "kind": "email_sent"}}""", "{}", Kind).EventType);
        Assert.Equal(
            "jane@acme.example",
            Read(
                EventSources.Custom, """{"body": {"kind": "email_sent", "email": "jane@acme.example"}}""", "{}",
                """{"event_type": "/body/kind"}""").EmailNorm);
    }

    [Fact]
    public void Reading_never_fails_whatever_the_paths_lead_to()
    {
        foreach (var path in (string[])["", "/", "//", "/a", "/0", "/00", "/-", "/99999999999", "/data/contact/email", "/~0~1"])
        {
            Prop.ForAll(Payloads.Arbitrary, json => Read(EventSources.Custom, json, Aliases, $$"""{"event_type": "{{path}}", "email": "{{path}}"}""") is not null)
                .QuickCheckThrowOnFailure();
        }
    }

    [Theory]
    [InlineData("/a", true)]
    [InlineData("/a/0/b~1c~0", true)]
    [InlineData("/", true)]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("#/a", false)]
    [InlineData("/a~", false)]
    [InlineData("/a~2", false)]
    [InlineData("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", false)]
    public void Pointer_is_one_of_rfc_6901(string text, bool isOne) => Assert.Equal(isOne, JsonPointer.Parse(text) is not null);

    [Theory]
    [InlineData("""{"DEAL_WON": "lead.closed"}""", "")]
    [InlineData("""{"a": "lead.won", "b": 1, "": "lead.closed", "__": "lead.closed"}""", "a b  __")]
    [InlineData("""{"DEAL_WON": "lead.closed", "deal.won": "lead.interested"}""", "deal.won")]
    public void Wrong_aliases_are_named(string aliases, string wrong)
    {
        using var document = JsonDocument.Parse(aliases);

        Assert.Equal(
            wrong.Length == 0 ? [] : wrong.Split(' '), ReadingSettings.ProblemsOf(document.RootElement).Select(problem => problem.Alias));
    }

    [Fact]
    public void More_than_100_aliases_are_too_many()
    {
        using var document = JsonDocument.Parse(
            "{" + string.Join(',', Enumerable.Range(0, 101).Select(number => $"\"a{number}\": \"lead.closed\"")) + "}");

        Assert.Null(Assert.Single(ReadingSettings.ProblemsOf(document.RootElement)).Alias);
    }

    private static WebhookEvent Read(EventSource source, string json, string aliases, string paths)
    {
        using var aliasDocument = JsonDocument.Parse(aliases);
        using var pathDocument = JsonDocument.Parse(paths);
        return Payloads.Read(source.With(ReadingSettings.Of(aliasDocument.RootElement, pathDocument.RootElement)), json);
    }
}
