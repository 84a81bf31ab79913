using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving.Verification;

namespace SalesBrain.Core.Tests.Webhooks.Receiving;

public sealed class AuthenticationRulesTests
{
    public static TheoryData<WebhookAuthentication> Valid =>
    [
        new WebhookAuthentication(),
        new WebhookAuthentication { Mode = "header", Header = "X-Sales-Secret" },
        new WebhookAuthentication { Mode = "header", Header = "Authorization" },
        new WebhookAuthentication { Mode = "basic", User = "zapier" },
        new WebhookAuthentication { Mode = "hmac", Header = "X-Signature" },
        new WebhookAuthentication
        {
            Mode = "hmac", Header = "X-Signature", Algorithm = "sha512", Encoding = "base64", Prefix = "v1=",
            TimestampHeader = "X-Timestamp", ToleranceSeconds = 60, SignedPayload = "{timestamp}:{body}",
        },
        new WebhookAuthentication { Mode = "standard_webhooks" },
    ];

    public static TheoryData<WebhookAuthentication, string> Invalid => new()
    {
        { new WebhookAuthentication { Mode = "jwt" }, "mode" },
        { new WebhookAuthentication { Header = "X-A", User = "u" }, "header, user" },
        { new WebhookAuthentication { Mode = "header" }, "header" },
        { new WebhookAuthentication { Mode = "header", Header = "X Secret" }, "header" },
        { new WebhookAuthentication { Mode = "header", Header = "X-Sécret" }, "header" },
        { new WebhookAuthentication { Mode = "header", Header = "Content-Type" }, "header" },
        { new WebhookAuthentication { Mode = "header", Header = "x-webhook-token", Algorithm = "sha256" }, "header, algorithm" },
        { new WebhookAuthentication { Mode = "basic" }, "user" },
        { new WebhookAuthentication { Mode = "basic", User = "a:b" }, "user" },
        { new WebhookAuthentication { Mode = "standard_webhooks", ToleranceSeconds = 60 }, "tolerance_seconds" },
        { new WebhookAuthentication { Mode = "hmac", Algorithm = "md5", Encoding = "base32", Prefix = "v1 " }, "header, algorithm, encoding, prefix" },
        { new WebhookAuthentication { Mode = "hmac", Header = "X-S", ToleranceSeconds = 60, SignedPayload = "{body}" }, "tolerance_seconds, signed_payload" },
        { new WebhookAuthentication { Mode = "hmac", Header = "X-S", TimestampHeader = "x-s" }, "timestamp_header" },
        { new WebhookAuthentication { Mode = "hmac", Header = "X-S", TimestampHeader = "X-T", ToleranceSeconds = 0 }, "tolerance_seconds" },
        { new WebhookAuthentication { Mode = "hmac", Header = "X-S", TimestampHeader = "X-T", SignedPayload = "{body}" }, "signed_payload" },
        { new WebhookAuthentication { Mode = "hmac", Header = "X-S", TimestampHeader = "X-T", SignedPayload = "{timestamp}{body}{body}" }, "signed_payload" },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void Valid_settings_have_no_problems(WebhookAuthentication authentication) =>
        Assert.Empty(AuthenticationRules.Problems(EventSources.Custom, authentication));

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Invalid_settings_report_every_member_at_once(WebhookAuthentication authentication, string members)
    {
        var problems = AuthenticationRules.Problems(EventSources.Custom, authentication);

        Assert.Equal(members, string.Join(", ", problems.Select(problem => problem.Member)));
        Assert.All(problems, problem => Assert.Matches("^must .*[^.]$", problem.Message));
    }

    [Theory]
    [InlineData("token", true)]
    [InlineData("header", true)]
    [InlineData("basic", true)]
    [InlineData("hmac", false)]
    [InlineData("standard_webhooks", false)]
    public void Instantly_can_send_fixed_headers_only(string mode, bool works) =>
        Assert.Equal(
            works,
            AuthenticationRules.Problems(
                EventSources.Instantly, Valid.Select(row => row.Data).First(valid => valid.Mode == mode)).Count == 0);

    [Fact]
    public void Created_secrets_are_long_different_and_valid() =>
        Assert.All(AuthenticationModes.All.Where(mode => mode != "token"), mode =>
        {
            var secrets = Enumerable.Range(0, 100).Select(_ => WebhookSecrets.Create(mode)).ToList();

            Assert.Equal(100, secrets.Distinct().Count());
            Assert.All(secrets, secret => Assert.True(secret.Length >= 43 && AuthenticationRules.SecretProblem(mode, secret) is null));
        });

    [Theory]
    [InlineData("header", "short")]
    [InlineData("header", " blank before it is lost")]
    [InlineData("basic", "nicht nur ASCII, nämlich")]
    [InlineData("hmac", "control\ncharacter in it")]
    [InlineData("standard_webhooks", "whsec_short")]
    [InlineData("standard_webhooks", "not base64 at all, is it")]
    [InlineData("token", "there is none in this mode")]
    public void Weak_chosen_secret_is_refused(string mode, string secret) =>
        Assert.NotNull(AuthenticationRules.SecretProblem(mode, secret));

    [Fact]
    public void Tokens_are_url_safe_and_stored_as_their_hash()
    {
        var token = WebhookSecrets.CreateToken();

        Assert.Matches("^[A-Za-z0-9_-]{43}$", token);
        Assert.NotEqual(token, WebhookSecrets.CreateToken());
        Assert.Equal(
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            Convert.ToHexStringLower(WebhookSecrets.HashToken("abc")));
    }
}
