using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using SalesBrain.Core.Webhooks.Receiving.Verification;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace SalesBrain.Core.Tests.Webhooks.Receiving;

/// <summary>
/// Our verification against the StandardWebhooks package, an implementation of the same specification by others. The package verifies by
/// the system's clock, so deliveries are signed now.
/// </summary>
public sealed class StandardWebhooksPackageTests
{
    private static readonly WebhookAuthentication Mode = new() { Mode = "standard_webhooks" };

    private readonly DateTimeOffset now = DateTimeOffset.UtcNow;
    private readonly string secret = WebhookSecrets.Create("standard_webhooks");

    [Fact]
    public void Any_body_that_the_package_signs_is_accepted() =>
        Prop.ForAll<NonNull<string>>(body =>
        {
            // The package throws for lone surrogates, which UTF-8 has no bytes for.
            var text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(body.Get));
            SignedByPackage(text).AssertAccepted(Mode, new WebhookSecrets(secret));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"name":"Žofie 🦊"}""")]
    public void Delivery_signed_by_the_specification_is_accepted_by_us_and_by_the_package(string body)
    {
        var delivery = SignedByHand(body);

        delivery.AssertAccepted(Mode, new WebhookSecrets(secret));
        VerifyByPackage(delivery);
    }

    [Theory]
    [InlineData("webhook-id", "msg_2")]
    [InlineData("webhook-timestamp", "1")]
    [InlineData("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("webhook-signature", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("webhook-id", null)]
    [InlineData("webhook-timestamp", null)]
    [InlineData("webhook-signature", null)]
    public void Delivery_with_an_altered_header_is_refused_by_us_and_by_the_package(string header, string? value)
    {
        var altered = SignedByPackage("{}").With(header, value);

        Assert.NotNull(altered.Verify(Mode, new WebhookSecrets(secret)).Refusal);
        Assert.Throws<WebhookVerificationException>(() => VerifyByPackage(altered));
    }

    [Fact]
    public void Delivery_with_an_altered_body_is_refused_by_us_and_by_the_package()
    {
        var altered = SignedByPackage("{}") with { Body = "{ }" };

        Assert.NotNull(altered.Verify(Mode, new WebhookSecrets(secret)).Refusal);
        Assert.Throws<WebhookVerificationException>(() => VerifyByPackage(altered));
    }

    private Delivery SignedByPackage(string body) => Signed(body, new StandardWebhook(secret).Sign("msg_1", now, body));

    /// <summary>standard-webhooks.com, "Signature scheme": id, timestamp and body, joined by full stops.</summary>
    private Delivery SignedByHand(string body)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"msg_1.{now.ToUnixTimeSeconds()}.{body}"));
        return Signed(body, "v1," + Convert.ToBase64String(hash));
    }

    private Delivery Signed(string body, string signature) =>
        new(body, ("webhook-id", "msg_1"), ("webhook-timestamp", now.ToUnixTimeSeconds().ToString()), ("webhook-signature", signature))
        {
            At = now.UtcDateTime,
        };

    /// <summary>Throws <see cref="WebhookVerificationException"/> for a delivery that the package refuses.</summary>
    private void VerifyByPackage(Delivery delivery)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in delivery.Headers)
        {
            headers[name] = value;
        }
        new StandardWebhook(secret).Verify(delivery.Body, headers);
    }
}
