using Microsoft.Extensions.Primitives;
using SalesBrain.Core.Webhooks.Receiving.Verification;

namespace SalesBrain.Core.Tests.Webhooks.Receiving;

public sealed class HeaderRedactionTests
{
    [Fact]
    public void Harmless_headers_are_kept_secrets_without_their_value_and_the_rest_not_at_all() =>
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["content-type"] = "application/json",
                ["user-agent"] = "axios/0.21.4",
                ["webhook-id"] = "msg_1",
                ["idempotency-key"] = "k1",
                ["authorization"] = "[redacted]",
                ["cookie"] = "[redacted]",
                ["x-webhook-token"] = "[redacted]",
                ["webhook-signature"] = "[redacted]",
                ["x-api-key"] = "[redacted]",
            },
            Keep(
                new WebhookAuthentication(),
                ("Content-Type", "application/json"), ("User-Agent", "axios/0.21.4"), ("webhook-id", "msg_1"), ("Idempotency-Key", "k1"),
                ("Authorization", "Bearer s3cret"), ("Cookie", "s3cret"), ("X-Webhook-Token", "s3cret"), ("webhook-signature", "v1,s3cret"),
                ("X-Api-Key", "s3cret"), ("X-Forwarded-For", "192.0.2.1"), ("Referer", "https://x/?token=s3cret")));

    [Fact]
    public void Configured_header_is_a_secret_whatever_its_name() =>
        Assert.Equal(
            new Dictionary<string, string> { ["x-request-id"] = "[redacted]" },
            Keep(new WebhookAuthentication { Mode = "header", Header = "X-REQUEST-ID" }, ("X-Request-Id", "s3cret")));

    [Fact]
    public void Configured_timestamp_is_evidence() =>
        Assert.Equal(
            new Dictionary<string, string> { ["x-sent-at"] = "1748779200", ["x-sig"] = "[redacted]" },
            Keep(
                new WebhookAuthentication { Mode = "hmac", Header = "X-Sig", TimestampHeader = "X-Sent-At" }, ("X-Sent-At", "1748779200"),
                ("X-Sig", "00")));

    [Fact]
    public void Values_fit_for_the_database()
    {
        var kept = Keep(new WebhookAuthentication(), ("User-Agent", "a\0b\ud83d"), ("X-Request-Id", "Žofie \u0080\udc00"), ("Accept", "😀"));

        Assert.Equal("a\uFFFDb\uFFFD", kept["user-agent"]);
        Assert.Equal("Žofie \u0080\uFFFD", kept["x-request-id"]);
        Assert.Equal("😀", kept["accept"]);
    }

    [Fact]
    public void Headers_beyond_8_kib_are_left_out_as_a_whole_and_that_is_noted()
    {
        var (fits, large) = (new string('é', 2000), new string('x', 5000));

        var kept = Keep(
            new WebhookAuthentication(), ("X-Request-Id", fits), ("User-Agent", large), ("Accept", large), ("webhook-id", "msg_1"));

        Assert.Equal(
            [fits, "2 of the headers, beyond 8 KiB", "msg_1"],
            kept.OrderBy(header => header.Key != "x-request-id").ThenBy(header => header.Key).Select(header => header.Value));
        Assert.Equal("2 of the headers, beyond 8 KiB", kept[HeaderRedaction.LeftOut]);
    }

    [Fact]
    public void Many_secrets_do_not_add_up_either()
    {
        var kept = Keep(new WebhookAuthentication(), [.. Enumerable.Range(0, 1000).Select(i => ($"X-Token-{i}", "s3cret"))]);

        Assert.InRange(kept.Sum(header => header.Key.Length + header.Value.Length), 8000, HeaderRedaction.MaxBytes);
        Assert.Contains(HeaderRedaction.LeftOut, kept.Keys);
    }

    [Fact]
    public void Repeated_headers_are_one() =>
        Assert.Equal("a,b", HeaderRedaction.Keep([new("Accept", new StringValues(["a", "b"]))], new WebhookAuthentication())["accept"]);

    private static Dictionary<string, string> Keep(WebhookAuthentication authentication, params (string Name, string Value)[] headers) =>
        HeaderRedaction.Keep(headers.Select(header => KeyValuePair.Create(header.Name, new StringValues(header.Value))), authentication);
}
