using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Webhooks.Events;

namespace SalesBrain.Core.Tests.Webhooks.Events;

public sealed class DedupeKeyTests
{
    private static readonly DateTime ReceivedAt = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DedupeContext Verified = new(Guid.Parse("00000000-0000-4000-8000-000000000001"), IsVerified: true);
    private static readonly DedupeContext TokenOnly = Verified with { IsVerified = false };

    private static readonly (string Name, string Value)[] Reply =
    [
        ("timestamp", "\"2025-06-09T16:04:40.963Z\""), ("event_type", "\"reply_received\""), ("workspace", "\"w1\""),
        ("campaign_id", "\"c1\""), ("lead_email", "\"lead@example.org\""), ("email_id", "\"m1\""), ("step", "1"), ("variant", "2"),
        ("reply_subject", "\"Re: hello\""), ("reply_text", "\"the first question\\nin two lines\""),
    ];

    [Fact]
    public void Key_does_not_change_between_versions() =>
        // Kept keys are compared with new ones for 35 days: a changed encoding would make every redelivery a new event.
        Assert.Equal("e6c871f97d1f9f990d4af7c864b6473b475e446d24898980a11ac390688eb2c2", Hex(Key(Reply)));

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
    [InlineData("reply_text", "\" the first question\\r\\n in  two lines\"")]
    public void Same_event_spelled_differently_has_the_same_key(string name, string value) =>
        Assert.Equal(Hex(Key(Reply)), Hex(Key(With(name, value))));

    [Fact]
    public void Reply_in_another_normal_form_has_the_same_key() =>
        Assert.Equal(Hex(Key(With("reply_text", "\"caf\u00e9\""))), Hex(Key(With("reply_text", "\"cafe\u0301\""))));

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
    [InlineData("reply_subject", "\"Re: another subject\"")]
    [InlineData("reply_text", "\"another answer\"")]
    public void Another_event_has_another_key(string name, string value) =>
        Assert.NotEqual(Hex(Key(Reply)), Hex(Key(With(name, value))));

    [Fact]
    public void Values_do_not_run_into_each_other() =>
        Assert.NotEqual(
            Hex(Of(Event() with { Workspace = "ab", CampaignExternalId = "c" })),
            Hex(Of(Event() with { Workspace = "a", CampaignExternalId = "bc" })));

    [Fact]
    public void Two_sources_never_share_a_key() =>
        Assert.NotEqual(Hex(Of(Event())), Hex(Of(Event() with { Source = "n8n" })));

    [Fact]
    public void Two_labels_at_one_instant_are_two_events() =>
        Assert.NotEqual(Hex(Key(With("event_type", "\"Hot\""))), Hex(Key(With("event_type", "\"Cold\""))));

    [Fact]
    public void Two_sending_accounts_failing_at_one_instant_are_two_events() =>
        Assert.NotEqual(
            Hex(Key([("timestamp", "1749485080"), ("event_type", "\"account_error\""), ("email_account", "\"a@example.com\"")])),
            Hex(Key([("timestamp", "1749485080"), ("event_type", "\"account_error\""), ("email_account", "\"b@example.com\"")])));

    [Fact]
    public void Two_links_clicked_at_one_instant_are_two_events()
    {
        var click = Event() with { EventType = "email.link_clicked", Type = EventTypes.Find("email.link_clicked") };

        Assert.NotEqual(
            Hex(Of(click with { LinkUrl = "https://a.example/one" })), Hex(Of(click with { LinkUrl = "https://a.example/two" })));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"soon\"")]
    [InlineData("\"0001-01-01T00:00:00Z\"")]
    [InlineData("0")]
    [InlineData("\"2099-01-01T00:00:00Z\"")]
    public void Without_a_believed_time_the_exact_bytes_at_one_endpoint_count_for_ten_minutes(string timestamp)
    {
        var reply = Payloads.Instantly(Payloads.ToObject(With("timestamp", timestamp)));

        var key = DedupeKey.Of(reply, Verified, "a"u8, ReceivedAt);

        Assert.Equal(TimeSpan.FromMinutes(10), key.Lifetime);
        Assert.Equal(Hex(key.Value), Hex(DedupeKey.Of(reply, Verified, "a"u8, ReceivedAt.AddMinutes(5)).Value));
        Assert.NotEqual(Hex(key.Value), Hex(DedupeKey.Of(reply, Verified, "b"u8, ReceivedAt).Value));
        Assert.NotEqual(Hex(key.Value), Hex(DedupeKey.Of(reply, Verified with { EndpointId = Guid.NewGuid() }, "a"u8, ReceivedAt).Value));
    }

    [Fact]
    public void Bytes_do_not_matter_to_an_event_with_a_time() =>
        Assert.Equal(
            Hex(DedupeKey.Of(Event(), Verified, "a"u8, ReceivedAt).Value),
            Hex(DedupeKey.Of(Event(), Verified with { EndpointId = Guid.NewGuid() }, "b"u8, ReceivedAt).Value));

    [Fact]
    public void What_was_not_verified_never_shares_a_key_with_what_was()
    {
        Assert.NotEqual(Hex(Of(Event())), Hex(DedupeKey.Of(Event(), TokenOnly, default, ReceivedAt).Value));
        var timeless = Event() with { Timestamp = null };
        Assert.NotEqual(Hex(Of(timeless)), Hex(DedupeKey.Of(timeless, TokenOnly, default, ReceivedAt).Value));
    }

    [Fact]
    public void Id_counts_only_together_with_the_content()
    {
        var key = Hex(Of(Event(), "msg_1"));

        Assert.Equal(key, Hex(Of(Event(), " msg_1 ")));
        Assert.NotEqual(key, Hex(Of(Event() with { EventType = "email.sent" }, "msg_1")));
        Assert.NotEqual(key, Hex(Of(Event(), "msg_2")));
        Assert.NotEqual(key, Hex(Of(Event())));
        Assert.NotEqual(Hex(Of(Event() with { SenderEventId = "1a" })), Hex(Of(Event() with { SenderEventId = "2a" })));
        Assert.NotEqual(Hex(Of(Event(), "1a")), Hex(Of(Event() with { SenderEventId = "1a" })));
    }

    [Fact]
    public void Id_without_a_time_counts_with_the_exact_bytes_and_as_long_as_a_time()
    {
        var timeless = Event() with { Timestamp = null };

        var key = DedupeKey.Of(timeless, Verified with { DeliveryId = "msg_1" }, "a"u8, ReceivedAt);

        Assert.Equal(TimeSpan.FromDays(35), key.Lifetime);
        Assert.NotEqual(Hex(key.Value), Hex(DedupeKey.Of(timeless, Verified with { DeliveryId = "msg_1" }, "b"u8, ReceivedAt).Value));
        Assert.Equal(TimeSpan.FromDays(35), DedupeKey.Of(timeless with { SenderEventId = "1a" }, Verified, "a"u8, ReceivedAt).Lifetime);
        Assert.Equal(
            TimeSpan.FromDays(35), DedupeKey.Of(timeless, Verified with { StandInId = "rejection:1" }, "a"u8, ReceivedAt).Lifetime);
    }

    [Fact]
    public void Id_that_is_none_changes_nothing()
    {
        Assert.Equal(Hex(Of(Event())), Hex(Of(Event(), "undefined")));
        Assert.Equal(Hex(Of(Event())), Hex(Of(Event() with { SenderEventId = "null" })));
        var (delivery, inEvent) = DedupeKey.OfIds(Event() with { SenderEventId = "0" }, Verified with { DeliveryId = " None " });
        Assert.Null(delivery);
        Assert.Null(inEvent);
    }

    [Fact]
    public void Ids_belong_to_an_endpoint_and_to_their_place()
    {
        var (delivery, inEvent) = DedupeKey.OfIds(Event() with { SenderEventId = "1a" }, Verified with { DeliveryId = "1a" });
        var (elsewhere, _) = DedupeKey.OfIds(Event(), Verified with { DeliveryId = "1a", EndpointId = Guid.NewGuid() });

        Assert.Equal(3, new[] { delivery, inEvent, elsewhere }.Select(Hex).Distinct().Count());
        var (noDelivery, noneInEvent) = DedupeKey.OfIds(Event(), Verified);
        Assert.Null(noDelivery);
        Assert.Null(noneInEvent);
    }

    [Fact]
    public void Longest_texts_and_ids_have_a_key()
    {
        var longest = Payloads.Instantly($$"""
            {"timestamp": 1749485080, "event_type": "{{new string('签', 5000)}}", "workspace": "{{new string('签', 200)}}", "campaign_name": "{{new string('签', 5000)}}",
             "lead_email": "{{new string('签', 300)}}@example.org", "email_id": "{{new string('签', 200)}}"}
            """);
        var url = new string('签', EventLimits.Url);

        Assert.Equal(32, Of(longest).Length);
        Assert.Equal(32, Of(longest, new string('签', 100_000)).Length);
        Assert.Equal(
            32,
            Of(longest with { EmailNorm = null, LinkedinUrl = url, LinkUrl = url, Text = url + url, Subject = url, Message = url }).Length);
        Assert.NotEqual(Hex(Of(longest with { LinkUrl = url + "1" })), Hex(Of(longest with { LinkUrl = url + "2" })));
    }

    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    public void Texts_of_every_length_fill_no_more_than_the_buffer(int length)
    {
        var text = new string('签', length);

        Assert.Equal(32, DedupeKey.Of(
            Event() with
            {
                Source = text,
                EventType = text,
                Type = null,
                Workspace = text,
                CampaignExternalId = text,
                EmailNorm = text,
                EmailId = text,
                LinkUrl = text,
                Subject = text,
                Text = text,
                Message = text,
                Label = text,
                SenderEventId = text,
                Step = 1,
                Variant = 1,
            },
            Verified with { DeliveryId = text }, default, ReceivedAt).Value.Length);
    }

    private static WebhookEvent Event() => Payloads.Instantly(Payloads.ToObject(Reply));

    private static byte[] Key(IEnumerable<(string Name, string Value)> members) => Of(Payloads.Instantly(Payloads.ToObject(members)));

    /// <summary>The key of a verified delivery; its bytes are others each time, because they must not matter.</summary>
    private static byte[] Of(WebhookEvent webhookEvent, string? deliveryId = null) =>
        DedupeKey.Of(
            webhookEvent, Verified with { DeliveryId = deliveryId },
            webhookEvent.Timestamp is null ? default : Guid.NewGuid().ToByteArray(), ReceivedAt).Value;

    private static (string Name, string Value)[] With(string name, string value) =>
        [.. Reply.Select(member => member.Name == name ? (name, value) : member)];

    private static bool IsReplys(string name) => name == "\\u0065vent_type" || Reply.Any(member => member.Name == name);

    private static string? Hex(byte[]? key) => key is null ? null : Convert.ToHexStringLower(key);
}
