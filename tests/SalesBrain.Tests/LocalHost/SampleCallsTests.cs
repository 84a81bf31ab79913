using System.Text.Json.Nodes;
using SalesBrain.LocalHost.Commands;

namespace SalesBrain.Tests.LocalHost;

public sealed class SampleCallsTests
{
    [Fact]
    public void Sample_webhook_has_the_members_of_a_captured_one_with_values_of_the_same_kind()
    {
        var call = SampleCalls.SendWebhook("http://localhost:7071", "the-token", new DateTimeOffset(2026, 1, 31, 9, 30, 0, TimeSpan.Zero));
        var sent = JsonNode.Parse(call[(call.IndexOf("'{", StringComparison.Ordinal) + 1)..^1])!.AsObject();
        var captured = JsonNode.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "instantly", "reply_received.json")))!.AsObject();

        Assert.StartsWith("curl -sS 'http://localhost:7071/api/webhooks/instantly/the-token'", call);
        Assert.Equal(
            captured.Select(member => (member.Key, member.Value!.GetValueKind())),
            sent.Select(member => (member.Key, member.Value!.GetValueKind())));
        Assert.Equal("2026-01-31T09:30:00.000Z", (string?)sent["timestamp"]);
    }
}
