using System.Text;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Webhooks.Receiving.Verification;

namespace SalesBrain.Core.Tests.Webhooks.Receiving;

/// <summary>A delivery to verify: its headers, body and the moment it arrives.</summary>
internal sealed record Delivery(string Body, params (string Name, string Value)[] Headers)
{
    public static readonly DateTime Now = new(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    public DateTime At { get; init; } = Now;

    public VerificationResult Verify(WebhookAuthentication authentication, WebhookSecrets? secrets)
    {
        // What an endpoint can't be given isn't worth verifying.
        Assert.Empty(AuthenticationRules.Problems(EventSources.Custom, authentication));
        return WebhookVerification.Verify(authentication, secrets, Header, Encoding.UTF8.GetBytes(Body), At);
    }

    public void AssertAccepted(WebhookAuthentication authentication, WebhookSecrets? secrets) =>
        Assert.Null(Verify(authentication, secrets).Refusal);

    public void AssertRefused(WebhookAuthentication authentication, WebhookSecrets secrets, string cause, string diagnosis) =>
        Assert.Equal(new WebhookRefusal(cause, RefusalKind.NotAuthenticated, diagnosis), Verify(authentication, secrets).Refusal);

    public Delivery With(string name, string? value) =>
        this with { Headers = [.. Headers.Where(header => header.Name != name), .. value is null ? [] : new[] { (name, value) }] };

    private string? Header(string name) =>
        Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(header => header.Value).FirstOrDefault();
}
