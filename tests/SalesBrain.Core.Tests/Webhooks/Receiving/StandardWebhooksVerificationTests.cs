using System.Security.Cryptography;
using System.Text;
using SalesBrain.Core.Webhooks.Receiving.Verification;

namespace SalesBrain.Core.Tests.Webhooks.Receiving;

public sealed class StandardWebhooksVerificationTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private static readonly WebhookAuthentication Mode = new() { Mode = "standard_webhooks" };
    private static readonly WebhookSecrets Secrets = new(Secret);

    /// <summary>The vector that the specification's reference libraries test with.</summary>
    private static readonly Delivery Vector = new(
        """{"test": 2432232314}""",
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
        ("webhook-timestamp", "1614265330"),
        ("webhook-signature", Signature))
    {
        At = DateTimeOffset.FromUnixTimeSeconds(1614265330).UtcDateTime,
    };

    /// <summary>The vector as Svix sends it.</summary>
    private static readonly Delivery Svix = Vector with
    {
        Headers = [.. Vector.Headers.Select(header => (header.Name.Replace("webhook-", "svix-", StringComparison.Ordinal), header.Value))],
    };

    [Fact]
    public void Vector_is_accepted()
    {
        Vector.AssertAccepted(Mode, Secrets);
        Vector.AssertAccepted(Mode, new WebhookSecrets(Secret["whsec_".Length..]));
    }

    [Theory]
    [InlineData("v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,x v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg== " + Signature)]
    [InlineData(Signature + " v1,not-base64!")]
    [InlineData("  " + Signature + "  ")]
    public void One_right_signature_among_others_is_enough(string signatures) =>
        Vector.With("webhook-signature", signatures).AssertAccepted(Mode, Secrets);

    [Theory]
    [InlineData("v1,h0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "signature does not match")]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "header webhook-signature contains no v1 signature")]
    [InlineData("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "header webhook-signature contains no v1 signature")]
    [InlineData("v1,", "header webhook-signature contains no v1 signature")]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ", "header webhook-signature contains no v1 signature")]
    public void Wrong_signature_is_refused(string signature, string diagnosis) =>
        Vector.With("webhook-signature", signature).AssertRefused(Mode, Secrets, "bad_signature", diagnosis);

    [Theory]
    [InlineData("webhook-id")]
    [InlineData("webhook-timestamp")]
    [InlineData("webhook-signature")]
    public void Missing_header_is_named(string name) =>
        Vector.With(name, null).AssertRefused(Mode, Secrets, "bad_signature", $"header {name} is missing");

    [Fact]
    public void Id_timestamp_and_body_are_signed()
    {
        Vector.With("webhook-id", "msg_2").AssertRefused(Mode, Secrets, "bad_signature", "signature does not match");
        Vector.With("webhook-timestamp", "1614265331").AssertRefused(Mode, Secrets, "bad_signature", "signature does not match");
        (Vector with { Body = """{"test":2432232314}""" }).AssertRefused(Mode, Secrets, "bad_signature", "signature does not match");
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public void Five_minutes_off_is_accepted(int seconds) =>
        (Vector with { At = Vector.At.AddSeconds(seconds) }).AssertAccepted(Mode, Secrets);

    [Theory]
    [InlineData(301, "clock 301 s behind (allowed: 300 s), or an old delivery was sent again")]
    [InlineData(-301, "clock 301 s ahead (allowed: 300 s)")]
    public void More_is_stale(int seconds, string diagnosis) =>
        (Vector with { At = Vector.At.AddSeconds(seconds) }).AssertRefused(Mode, Secrets, "stale_timestamp", diagnosis);

    [Theory]
    [InlineData("soon")]
    [InlineData("-1614265330")]
    [InlineData("1614265330.5")]
    [InlineData("99999999999999")]
    [InlineData("9999999999999999999999")]
    public void Invalid_timestamp_is_refused(string timestamp) =>
        Vector.With("webhook-timestamp", timestamp)
            .AssertRefused(Mode, Secrets, "stale_timestamp", "header webhook-timestamp is not a number of seconds since 1970");

    [Fact]
    public void Svix_headers_are_aliases()
    {
        Svix.AssertAccepted(Mode, Secrets);
        Svix.With("svix-id", "msg_2").AssertRefused(Mode, Secrets, "bad_signature", "signature does not match");
        Svix.With("svix-signature", "v2,x").AssertRefused(Mode, Secrets, "bad_signature", "header svix-signature contains no v1 signature");
        Svix.With("svix-timestamp", null).AssertRefused(Mode, Secrets, "bad_signature", "header svix-timestamp is missing");
        Svix.With("svix-timestamp", "soon")
            .AssertRefused(Mode, Secrets, "stale_timestamp", "header svix-timestamp is not a number of seconds since 1970");
    }

    [Fact]
    public void Standard_headers_win_over_svix_headers_and_the_two_are_never_mixed()
    {
        var both = Vector with { Headers = [.. Vector.Headers, .. Svix.Headers] };

        both.With("svix-signature", "v1,forged").With("svix-id", "another").AssertAccepted(Mode, Secrets);
        both.With("webhook-signature", "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
            .AssertRefused(Mode, Secrets, "bad_signature", "signature does not match");
        Svix.With("webhook-id", "msg_2").AssertAccepted(Mode, Secrets);
        Svix.With("svix-id", null).With("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
            .AssertRefused(Mode, Secrets, "bad_signature", "header webhook-timestamp is missing");
    }

    [Fact]
    public void Previous_secret_signs_until_its_grace_time_ends()
    {
        var current = WebhookSecrets.Create("standard_webhooks");

        Assert.True(Vector.Verify(Mode, new WebhookSecrets(current, Secret, Vector.At.AddHours(1))).UsedPreviousSecret);
        Vector.AssertRefused(
            Mode, new WebhookSecrets(current, Secret, Vector.At), "bad_signature",
            "signature matches the previous secret, which is no longer accepted");
    }

    [Fact]
    public void Created_secret_signs()
    {
        var secret = WebhookSecrets.Create("standard_webhooks");
        var hash = HMACSHA256.HashData(
            Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"m.1614265330.{Vector.Body}"));

        Vector.With("webhook-id", "m").With("webhook-signature", "v1," + Convert.ToBase64String(hash))
            .AssertAccepted(Mode, new WebhookSecrets(secret));
    }
}
