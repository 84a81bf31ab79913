using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Webhooks.Events;

namespace SalesBrain.Core.Tests.Webhooks.Events;

public sealed class DedupeKeyTests
{
    private static readonly (string Name, string Value)[] Reply =
    [
        ("timestamp", "\"2025-06-09T16:04:40.963Z\""), ("event_type", "\"reply_received\""), ("workspace", "\"w1\""), ("campaign_id", "\"c1\""),
        ("lead_email", "\"lead@example.org\""), ("email_id", "\"m1\""), ("step", "1"), ("variant", "2"),
    ];

    [Fact]
    public void Key_does_not_change_between_versions() =>
        // Kept keys are compared with new ones for 35 days: a changed encoding would make every redelivery a new event.
        Assert.Equal("c41838ce0f259390d447071e93f5f302961373e5204369d26a5f83062c26ad7a", Hex(Key(Reply)));

    [Fact]
    public void Order_of_members_and_added_variables_do_not_matter() =>
        Prop.ForAll(
                Gen.Shuffle(Reply).Zip(Payloads.Members(2), (members, variables) => (members, variables)).ToArbitrary(),
                pair => Hex(Key(pair.variables.Where(variable => !IsReplys(variable.Name)).Concat(pair.members))) == Hex(Key(Reply)))
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("lead_email", "\" LEAD@Example.ORG \"")]
    [InlineData("timestamp", "\"2025-06-09T18:04:40.9639+02:00\"")]
    [InlineData("timestamp", "1749485080963")]
    [InlineData("event_type", "\"email.replied\"")]
    [InlineData("step", "\"1\"")]
    public void Same_event_spelled_differently_has_the_same_key(string name, string value) =>
        Assert.Equal(Hex(Key(Reply)), Hex(Key(With(name, value))));

    [Theory]
    [InlineData("timestamp", "\"2025-06-09T16:04:40.964Z\"")]
    [InlineData("event_type", "\"auto_reply_received\"")]
    [InlineData("workspace", "\"w2\"")]
    [InlineData("workspace", "null")]
    [InlineData("campaign_id", "\"c2\"")]
    [InlineData("lead_email", "\"lead2@example.org\"")]
    [InlineData("lead_email", "\"lead\"")]
    [InlineData("email_id", "\"m2\"")]
    [InlineData("email_id", "null")]
    [InlineData("step", "2")]
    [InlineData("step", "null")]
    [InlineData("variant", "1")]
    public void Another_event_has_another_key(string name, string value) =>
        Assert.NotEqual(Hex(Key(Reply)), Hex(Key(With(name, value))));

    [Fact]
    public void Values_do_not_run_into_each_other() =>
        Assert.NotEqual(
            Hex(DedupeKey.Of(Event() with { Workspace = "ab", CampaignExternalId = "c" })),
            Hex(DedupeKey.Of(Event() with { Workspace = "a", CampaignExternalId = "bc" })));

    [Fact]
    public void Two_sources_never_share_a_key() =>
        Assert.NotEqual(Hex(DedupeKey.Of(Event())), Hex(DedupeKey.Of(Event() with { Source = "n8n" })));

    [Fact]
    public void Two_labels_at_one_instant_are_two_events() =>
        Assert.NotEqual(Hex(Key(With("event_type", "\"Hot\""))), Hex(Key(With("event_type", "\"Cold\""))));

    [Fact]
    public void Two_sending_accounts_failing_at_one_instant_are_two_events() =>
        Assert.NotEqual(
            Hex(Key([("timestamp", "1749485080"), ("event_type", "\"account_error\""), ("email_account", "\"a@example.com\"")])),
            Hex(Key([("timestamp", "1749485080"), ("event_type", "\"account_error\""), ("email_account", "\"b@example.com\"")])));

    [Fact]
    public void Without_a_timestamp_and_an_id_there_is_no_key()
    {
        Assert.Null(Key(With("timestamp", "null")));
        Assert.Null(Key(With("timestamp", "\"soon\"")));
        Assert.Null(DedupeKey.Of(Event() with { Timestamp = null }, "  "));
    }

    [Fact]
    public void Id_of_the_sender_wins_over_the_content()
    {
        var key = Hex(DedupeKey.Of(Event(), "msg_1"));

        Assert.Equal(key, Hex(DedupeKey.Of(Event() with { EventType = "email.sent", Timestamp = null }, " msg_1 ")));
        Assert.NotEqual(key, Hex(DedupeKey.Of(Event(), "msg_2")));
        Assert.NotEqual(key, Hex(DedupeKey.Of(Event() with { Source = "n8n" }, "msg_1")));
        Assert.NotEqual(key, Hex(DedupeKey.Of(Event())));
    }

    [Fact]
    public void Elements_of_one_delivery_do_not_become_duplicates_by_its_id() =>
        Assert.Equal(3, new[] { 0, 1, 2 }.Select(index => Hex(DedupeKey.Of(Event(), "msg_1", index))).Distinct().Count());

    [Fact]
    public void Longest_texts_and_ids_have_a_key()
    {
        var longest = Payloads.Instantly($$"""
            {"timestamp": 1749485080, "event_type": "{{new string('签', 5000)}}", "workspace": "{{new string('签', 200)}}", "campaign_name": "{{new string('签', 5000)}}",
             "lead_email": "{{new string('签', 300)}}@example.org", "email_id": "{{new string('签', 200)}}"}
            """);

        Assert.Equal(32, DedupeKey.Of(longest)?.Length);
        Assert.Equal(32, DedupeKey.Of(longest, new string('签', 100_000))?.Length);
        Assert.Equal(32, DedupeKey.Of(longest with { EmailNorm = null, LinkedinUrl = new string('签', EventLimits.Url) })?.Length);
    }

    private static WebhookEvent Event() => Payloads.Instantly(Payloads.ToObject(Reply));

    private static byte[]? Key(IEnumerable<(string Name, string Value)> members) => DedupeKey.Of(Payloads.Instantly(Payloads.ToObject(members)));

    private static (string Name, string Value)[] With(string name, string value) =>
        [.. Reply.Select(member => member.Name == name ? (name, value) : member)];

    private static bool IsReplys(string name) => name == "\\u0065vent_type" || Reply.Any(member => member.Name == name);

    private static string? Hex(byte[]? key) => key is null ? null : Convert.ToHexStringLower(key);
}
