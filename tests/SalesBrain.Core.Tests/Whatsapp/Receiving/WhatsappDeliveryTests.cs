using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Tests.Webhooks.Events;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Whatsapp.Receiving;

namespace SalesBrain.Core.Tests.Whatsapp.Receiving;

public sealed class WhatsappDeliveryTests
{
    private static readonly DateTime Received = new(2025, 6, 8, 21, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Delivery_is_split_into_its_messages_and_statuses()
    {
        var parts = Read("""
            {"object": "whatsapp_business_account", "entry": [
                {"id": "200", "changes": [
                    {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": {"display_phone_number": "1555", "phone_number_id": "100"},
                        "contacts": [{"profile": {"name": "Grace"}, "wa_id": "15551230000"}, {"profile": {"name": "Ada"}, "wa_id": "15551230001"}],
                        "messages": [
                            {"from": "15551230000", "id": "wamid.1", "timestamp": "1749416383", "type": "text", "text": {"body": "One"}},
                            {"from": "15551230001", "id": "wamid.2", "timestamp": "1749416384", "type": "text", "text": {"body": "Two"}}]}},
                    {"field": "account_update", "value": {"event": "VERIFIED_ACCOUNT"}}]},
                {"id": "201", "changes": [{"field": "messages", "value": {"metadata": {"phone_number_id": "101"},
                    "statuses": [{"id": "wamid.3", "status": "sent", "timestamp": "1750857384", "recipient_id": "15551230000"}]}}]}]}
            """);

        Assert.Equal(
            [
                ("200", "100", WhatsappEventTypes.Message), ("200", "100", WhatsappEventTypes.Message),
                ("200", null, WhatsappEventTypes.Other), ("201", "101", WhatsappEventTypes.Status),
            ],
            parts.Select(part => (part.WabaId, part.PhoneNumberId, part.EventType)));
        var (first, second) = (WhatsappEventReader.Read(parts[0].Json, Received)!, WhatsappEventReader.Read(parts[1].Json, Received)!);
        Assert.Equal(("wamid.1", "15551230000", "Grace", "One"), (first.Wamid, first.PeerId, first.PeerName, first.Text));
        Assert.Equal(("wamid.2", "15551230001", "Ada", "Two"), (second.Wamid, second.PeerId, second.PeerName, second.Text));
        Assert.Equal(new DateTime(2025, 6, 8, 20, 59, 43, DateTimeKind.Utc), first.OccurredAt);
        Assert.Equal("sent", WhatsappEventReader.Read(parts[3].Json, Received)!.Status);
        Assert.Null(WhatsappEventReader.Read(parts[2].Json, Received));
    }

    [Fact]
    public void Repeated_part_has_the_key_of_the_first_and_others_have_not()
    {
        static byte[] Key(string item) => Assert.Single(Read(Envelope(item))).Key;
        const string Message = """ "messages": [{"from": "1", "id": "wamid.1", "timestamp": "1", "type": "text", "text": {"body": "One"}}] """;
        const string Status = """ "statuses": [{"id": "wamid.1", "status": "sent", "recipient_id": "1", "timestamp": "1"}] """;

        Assert.Equal(Key(Message), Key(Message.Replace("One", "Once more", StringComparison.Ordinal)));
        Assert.NotEqual(Key(Message), Key(Message.Replace("wamid.1", "wamid.2", StringComparison.Ordinal)));
        Assert.Equal(Key(Status), Key(Status.Replace("\"timestamp\": \"1\"", "\"timestamp\": \"2\"", StringComparison.Ordinal)));
        Assert.NotEqual(Key(Status), Key(Status.Replace("sent", "read", StringComparison.Ordinal)));
        Assert.NotEqual(Key(Status), Key(Status.Replace("\"recipient_id\": \"1\"", "\"recipient_id\": \"2\"", StringComparison.Ordinal)));
        Assert.NotEqual(Key(Message), Key(Status));
    }

    [Theory]
    [InlineData("text", """{"body": " Hello\nthere "}""", "Hello\nthere", "Hello there")]
    [InlineData("image", """{"id": "5", "mime_type": "image/jpeg", "caption": "The door"}""", "The door", "The door")]
    [InlineData("audio", """{"id": "5"}""", null, "Audio")]
    [InlineData("location", """{"latitude": 1.5, "longitude": 2, "name": "Home", "address": "Road 1"}""", "Home, Road 1", "Home, Road 1")]
    [InlineData("contacts", """[{"name": {"formatted_name": "Ada"}}, {"name": {"formatted_name": "Bob"}}]""", "Ada, Bob", "Ada, Bob")]
    [InlineData("reaction", """{"message_id": "wamid.9", "emoji": "👍"}""", "👍", "👍")]
    [InlineData("button", """{"payload": "YES", "text": "Yes, please"}""", "Yes, please", "Yes, please")]
    [InlineData("interactive", """{"type": "list_reply", "list_reply": {"id": "1", "title": "Tuesday"}}""", "Tuesday", "Tuesday")]
    [InlineData("interactive", """{"type": "button_reply", "button_reply": {"id": "1", "title": "Ok"}}""", "Ok", "Ok")]
    [InlineData("order", """{"catalog_id": "1", "product_items": [], "text": "Two of these"}""", "Two of these", "Two of these")]
    [InlineData("hologram", """{"depth": 3}""", null, "Message of the type hologram")]
    public void Message_of_every_type_is_read(string type, string content, string? text, string preview)
    {
        var read = ReadMessage($$""" "type": "{{type}}", "{{type}}": {{content}} """);

        Assert.Equal((type, text, preview), (read.Type, read.Text, read.Preview));
        Assert.Equal(type != "reaction", read.IsNews);
        Assert.Equal(type == "reaction" ? "wamid.9" : null, read.ReplyToWamid);
        Assert.Equal(type != "text", read.Payload!.Value.TryGetProperty(type, out _));
    }

    [Fact]
    public void Unsupported_message_keeps_its_errors_and_a_reply_its_context()
    {
        var read = ReadMessage("""
            "type": "unsupported", "errors": [{"code": 131051, "title": "Message type unknown"}], "context": {"from": "1", "id": "wamid.8"}, "referral": {"source_id": "7"}
            """);

        Assert.Equal("wamid.8", read.ReplyToWamid);
        Assert.Equal(131051, read.Payload!.Value.GetProperty("errors")[0].GetProperty("code").GetInt32());
        Assert.Equal("7", read.Payload.Value.GetProperty("referral").GetProperty("source_id").GetString());
    }

    [Fact]
    public void Changed_number_has_the_new_id()
    {
        var read = ReadMessage(
            """ "type": "system", "system": {"body": "Grace changed", "wa_id": "15559", "type": "user_changed_number"} """);

        Assert.Equal((WhatsappEvent.NumberChanged, "15551230000", "15559"), (read.Kind, read.PeerId, read.NewPeerId));
        Assert.False(read.IsNews);
    }

    [Fact]
    public void Failed_status_says_why_in_words()
    {
        var read = WhatsappEventReader.Read(Assert.Single(Read(Envelope("""
            "statuses": [{"id": "wamid.1", "status": "failed", "timestamp": "1749416383", "recipient_id": "1", "errors": [{"code": 131026, "title": "x"}],
                "biz_opaque_callback_data": "01890a5d-ac96-774b-bcce-b302099a8057"}]
            """))).Json, Received)!;

        Assert.Equal(("131026", true), (read.ErrorCode, read.IsUndeliverable));
        Assert.Contains("cannot be delivered", read.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(WebhookLogIds.CreatedAt(read.CallbackId!.Value), read.CallbackCreatedAt);
    }

    [Theory]
    [InlineData("9999999999")]
    [InlineData("0")]
    [InlineData("soon")]
    public void Time_that_cannot_be_is_that_of_the_receipt(string timestamp) =>
        Assert.Equal(Received, WhatsappEventReader.Read(Assert.Single(Read(Envelope(
            $$""" "messages": [{"from": "1", "id": "wamid.1", "timestamp": "{{timestamp}}", "type": "text"}] """))).Json, Received)!.OccurredAt);

    [Fact]
    public void Characters_that_cannot_be_stored_are_replaced()
    {
        var read = ReadMessage("""
            "type": "text", "text": {"body": "a\u0000b\ud83d"}, "context": {"id": "\u0000", "more": ["\ud83d", {"\u0000": 1e400}]}
            """);

        Assert.Equal("a\uFFFDb\uFFFD", read.Text);
        var stored = JsonSerializer.Serialize(read, ColumnJson.Options);
        Assert.DoesNotContain("\\u0000", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("\\ud83d\"", stored, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Nothing_in_a_delivery_stops_it_from_being_read() =>
        Prop.ForAll(Payloads.Arbitrary, payload =>
        {
            foreach (var json in new[] { payload, Envelope($""" "messages": [{payload}], "statuses": [{payload}], "contacts": {payload} """),
                Envelope($$""" "messages": [{"id": "1", "from": "2", "type": "text", "text": {{payload}}, "context": {{payload}}}] """) })
            {
                foreach (var part in WhatsappDelivery.Read(Encoding.UTF8.GetBytes(json)) ?? [])
                {
                    WhatsappEventReader.Read(part.Json, Received);
                }
            }
            return true;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    public void What_is_no_object_is_no_delivery(string body) => Assert.Null(WhatsappDelivery.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Ids_that_are_made_together_keep_their_order()
    {
        var (ids, createdAt) = WebhookLogIds.CreateMany(DateTimeOffset.UtcNow, 20_000);

        Assert.Equal(ids.Select(id => id.ToString()).Order(StringComparer.Ordinal), ids.Select(id => id.ToString()));
        Assert.All(ids.Where((_, i) => i % 1000 == 0), id => Assert.Equal((createdAt, 7), (WebhookLogIds.CreatedAt(id), id.Version)));
    }

    private static WhatsappEvent ReadMessage(string members) => WhatsappEventReader.Read(
        Assert.Single(
            Read(Envelope($$""" "messages": [{"from": "15551230000", "id": "wamid.1", "timestamp": "1749416383", {{members}}}] """))).Json,
        Received)!;

    private static List<WhatsappPart> Read(string json) => WhatsappDelivery.Read(Encoding.UTF8.GetBytes(json))!;

    private static string Envelope(string value) =>
        """{"entry": [{"id": "200", "changes": [{"field": "messages", "value": {"metadata": {"phone_number_id": "100"}, """ + value
            + "}}]}]}";
}
