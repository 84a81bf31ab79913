using System.Text;

namespace SalesBrain.Core.Webhooks.Receiving.Verification;

/// <summary>Authenticates a delivery by its raw bytes, before anything is parsed. The token has already been checked.</summary>
public static class WebhookVerification
{
    /// <param name="authentication">Free of <see cref="AuthenticationRules.Problems"/>.</param>
    /// <param name="secrets">Not looked at in mode token; may be null there.</param>
    /// <param name="header">The value of the delivery's header with this name, in whatever letter case, or null.</param>
    /// <param name="body">As it came.</param>
    /// <param name="now">UTC.</param>
    public static VerificationResult Verify(
        WebhookAuthentication authentication, WebhookSecrets? secrets, Func<string, string?> header, ReadOnlyMemory<byte> body, DateTime now)
    {
        if (authentication.Mode == AuthenticationModes.Token)
        {
            return VerificationResult.Accepted;
        }
        ArgumentNullException.ThrowIfNull(secrets);
        return authentication.Mode switch
        {
            AuthenticationModes.Header => VerifyHeader(authentication.Header!, secrets, header, now),
            AuthenticationModes.Basic => VerifyBasic(authentication.User!, secrets, header, now),
            AuthenticationModes.Hmac => HmacVerification.Verify(authentication, secrets, header, body, now),
            AuthenticationModes.StandardWebhooks => StandardWebhooksVerification.Verify(secrets, header, body, now),
            _ => throw new ArgumentException($"There is no authentication mode {authentication.Mode}.", nameof(authentication)),
        };
    }

    /// <summary>Why a timestamp is too far from the current time, or null. Only meaningful for a signed timestamp.</summary>
    internal static WebhookRefusal? Stale(TimeSpan age, int toleranceSeconds)
    {
        var seconds = Math.Floor(Math.Abs(age.TotalSeconds));
        if (seconds <= toleranceSeconds)
        {
            return null;
        }
        return WebhookRefusal.StaleTimestamp(age > TimeSpan.Zero
            ? $"clock {seconds} s behind (allowed: {toleranceSeconds} s), or an old delivery was sent again"
            : $"clock {seconds} s ahead (allowed: {toleranceSeconds} s)");
    }

    private static VerificationResult VerifyHeader(string name, WebhookSecrets secrets, Func<string, string?> header, DateTime now)
    {
        if (header(name) is not { Length: > 0 } value)
        {
            return WebhookRefusal.BadSecret($"header {name} is missing");
        }
        return VerificationResult.Of(
            secrets.Match(now, secret => WebhookSecrets.AreEqual(value, secret)), $"header {name}", WebhookRefusal.BadSecret);
    }

    /// <summary>RFC 7617; user and password are UTF-8.</summary>
    private static VerificationResult VerifyBasic(string user, WebhookSecrets secrets, Func<string, string?> header, DateTime now)
    {
        const string Scheme = "Basic ";
        if (header("Authorization") is not { Length: > 0 } value)
        {
            return WebhookRefusal.BadSecret("header Authorization is missing");
        }
        if (!value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return WebhookRefusal.BadSecret("header Authorization does not use the Basic scheme");
        }
        var bytes = new byte[value.Length];
        if (!Convert.TryFromBase64String(value[Scheme.Length..].Trim(), bytes, out var length)
            || Encoding.UTF8.GetString(bytes, 0, length) is not { } credentials
            || credentials.IndexOf(':', StringComparison.Ordinal) is not (>= 0 and var colon))
        {
            return WebhookRefusal.BadSecret("header Authorization does not contain user:password in base64");
        }
        // Always compare both, so that the response time does not reveal which one was right.
        var isUser = WebhookSecrets.AreEqual(credentials[..colon], user);
        var match = secrets.Match(now, secret => WebhookSecrets.AreEqual(credentials[(colon + 1)..], secret));
        return isUser
            ? VerificationResult.Of(match, "the password", WebhookRefusal.BadSecret)
            : WebhookRefusal.BadSecret("the user name does not match");
    }
}
