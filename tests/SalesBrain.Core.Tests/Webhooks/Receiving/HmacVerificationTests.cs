using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Webhooks.Receiving.Verification;

namespace SalesBrain.Core.Tests.Webhooks.Receiving;

public sealed class HmacVerificationTests
{
    private const string Secret = "It's a Secret to Everybody";
    private const string Body = "Hello, World!";

    private static readonly WebhookAuthentication Plain = new() { Mode = "hmac", Header = "X-Signature" };
    private static readonly WebhookAuthentication Timed = Plain with { TimestampHeader = "X-Timestamp" };
    private static readonly WebhookSecrets Secrets = new(Secret);

    [Fact]
    public void Signature_that_github_documents_is_accepted() =>
        // docs.github.com, "Validating webhook deliveries", testing the validation.
        new Delivery(Body, ("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"))
            .AssertAccepted(Plain with { Header = "X-Hub-Signature-256", Prefix = "sha256=" }, Secrets);

    [Theory]
    [InlineData(null, null)]
    [InlineData("sha256", "hex")]
    [InlineData("sha256", "base64")]
    [InlineData("sha512", "hex")]
    [InlineData("sha512", "base64")]
    public void Every_algorithm_and_encoding_is_accepted(string? algorithm, string? encoding)
    {
        var hash = algorithm == "sha512"
            ? HMACSHA512.HashData(Bytes(Secret), Bytes(Body))
            : HMACSHA256.HashData(Bytes(Secret), Bytes(Body));
        var authentication = Plain with { Algorithm = algorithm, Encoding = encoding };

        if (encoding == "base64")
        {
            new Delivery(Body, ("X-Signature", Convert.ToBase64String(hash))).AssertAccepted(authentication, Secrets);
        }
        else
        {
            new Delivery(Body, ("X-Signature", Convert.ToHexString(hash))).AssertAccepted(authentication, Secrets);
            new Delivery(Body, ("X-Signature", Convert.ToHexStringLower(hash))).AssertAccepted(authentication, Secrets);
        }
    }

    [Fact]
    public void Public_case_expects_the_spellings_below() =>
        Assert.Contains(
            "upper case and a blank behind the prefix are taken",
            File.ReadAllText(
                Path.Combine(AppContext.BaseDirectory, "Fixtures", "public-cases", "P33-spellings-of-a-hexadecimal-signature.json")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("sha256=", false)]
    [InlineData("sha256= ", true)]
    [InlineData("SHA256=", true)]
    [InlineData("sha256=\t", true)]
    public void Letter_case_and_blanks_behind_the_prefix_do_not_matter(string prefix, bool upperCase) =>
        new Delivery(Body, ("X-Signature", prefix + (upperCase ? Hex(Body).ToUpperInvariant() : Hex(Body))))
            .AssertAccepted(Plain with { Prefix = "sha256=" }, Secrets);

    [Fact]
    public void One_flipped_bit_of_body_signature_or_secret_is_refused() =>
        Prop.ForAll<byte[], int>((body, position) =>
            {
                var (key, text) = (Bytes(Secret), Convert.ToHexString(body));
                var signature = HMACSHA256.HashData(key, Bytes(text));
                var bit = Math.Abs(position % 1000);
                var flipped = (byte[])signature.Clone();
                flipped[bit % 32] ^= (byte)(1 << (bit % 8));
                var delivery = new Delivery(text, ("X-Signature", Convert.ToHexString(signature)));
                return delivery.Verify(Plain, Secrets).IsAccepted
                    && !delivery.With("X-Signature", Convert.ToHexString(flipped)).Verify(Plain, Secrets).IsAccepted
                    && !(delivery with { Body = text + " " }).Verify(Plain, Secrets).IsAccepted
                    && !delivery.Verify(Plain, new WebhookSecrets(Secret + "!")).IsAccepted;
            })
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(null, "header X-Signature is missing")]
    [InlineData("", "header X-Signature is missing")]
    [InlineData("00", "header X-Signature does not begin with v0=")]
    [InlineData("v0=", "header X-Signature is not 32 bytes in hex")]
    [InlineData("v0=zz", "header X-Signature is not 32 bytes in hex")]
    [InlineData("v0=00", "header X-Signature is not 32 bytes in hex")]
    [InlineData("v0=000000000000000000000000000000000000000000000000000000000000000000", "header X-Signature is not 32 bytes in hex")]
    [InlineData("v0=0000000000000000000000000000000000000000000000000000000000000000", "signature does not match")]
    public void Signature_that_is_none_is_refused(string? value, string diagnosis) =>
        new Delivery(Body).With("X-Signature", value).AssertRefused(Plain with { Prefix = "v0=" }, Secrets, "bad_signature", diagnosis);

    [Fact]
    public void Previous_secret_signs_until_its_grace_time_ends()
    {
        var delivery = new Delivery(Body, ("X-Signature", Hex(Body)));

        Assert.True(delivery.Verify(Plain, new WebhookSecrets("another secret", Secret, Delivery.Now.AddHours(1))).UsedPreviousSecret);
        delivery.AssertRefused(
            Plain, new WebhookSecrets("another secret", Secret, Delivery.Now), "bad_signature",
            "signature matches the previous secret, which is no longer accepted");
    }

    [Theory]
    [InlineData("1748779200", 0)]
    [InlineData("1748779200000", 300)]
    [InlineData("2025-06-01T14:00:00+02:00", -300)]
    public void Timestamp_within_the_tolerance_is_accepted(string timestamp, int seconds) =>
        (Signed(timestamp) with { At = Delivery.Now.AddSeconds(seconds) }).AssertAccepted(Timed, Secrets);

    [Theory]
    [InlineData(412, "clock 412 s behind (allowed: 300 s), or an old delivery was sent again")]
    [InlineData(301, "clock 301 s behind (allowed: 300 s), or an old delivery was sent again")]
    [InlineData(-412, "clock 412 s ahead (allowed: 300 s)")]
    public void Timestamp_outside_it_is_stale(int seconds, string diagnosis) =>
        (Signed("1748779200") with { At = Delivery.Now.AddSeconds(seconds) }).AssertRefused(Timed, Secrets, "stale_timestamp", diagnosis);

    [Fact]
    public void Tolerance_and_signed_payload_are_the_endpoint_s()
    {
        var signed = new Delivery(Body, ("X-Timestamp", "1748779200"), ("X-Signature", Hex($"v0:1748779200:{Body}:end")))
        {
            At = Delivery.Now.AddSeconds(59),
        };
        var authentication = Timed with { SignedPayload = "v0:{timestamp}:{body}:end", ToleranceSeconds = 60 };

        signed.AssertAccepted(authentication, Secrets);
        (signed with { At = Delivery.Now.AddSeconds(61) }).AssertRefused(
            authentication, Secrets, "stale_timestamp", "clock 61 s behind (allowed: 60 s), or an old delivery was sent again");
    }

    [Fact]
    public void Timestamp_cannot_be_renewed_without_signing_again() =>
        (Signed("1748779200").With("X-Timestamp", "1748782800") with { At = Delivery.Now.AddHours(1) })
            .AssertRefused(Timed, Secrets, "bad_signature", "signature does not match");

    [Fact]
    public void Invalid_timestamp_is_refused()
    {
        Signed("1748779200").With("X-Timestamp", null).AssertRefused(Timed, Secrets, "bad_signature", "header X-Timestamp is missing");
        Signed("noon").AssertRefused(Timed, Secrets, "stale_timestamp", "header X-Timestamp is not a timestamp");
    }

    private static Delivery Signed(string timestamp) => new(Body, ("X-Timestamp", timestamp), ("X-Signature", Hex($"{timestamp}.{Body}")));

    private static string Hex(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Bytes(Secret), Bytes(text)));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
