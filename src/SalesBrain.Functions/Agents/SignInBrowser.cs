using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Agents;
using SalesBrain.Functions.Webhooks;

namespace SalesBrain.Functions.Agents;

/// <summary>
/// The cookie that ties a sign-in to the browser in which it began, and the address to which Genesys sends the browser back.
/// </summary>
public sealed class SignInBrowser(IOptions<WebhookOptions> urls)
{
    private const int SecretLength = 43;

    private bool IsSecure => urls.Value.PublicBaseUrl.Scheme == Uri.UriSchemeHttps;

    /// <summary>Registered at each OAuth client.</summary>
    internal Uri Callback => new($"{urls.Value.PublicBaseUrl.AbsoluteUri.TrimEnd('/')}/api/agents/auth/callback");

    // The prefix lets only this host, over https, set the cookie.
    internal string CookieName => IsSecure ? "__Host-salesbrain-sign-in" : "salesbrain-sign-in";

    /// <summary>The browser's secret; a new one if it has none. Two tabs of a browser share it.</summary>
    internal string Ensure(HttpRequest request)
    {
        var secret = Find(request) ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        request.HttpContext.Response.Cookies.Append(CookieName, secret, new CookieOptions
        {
            HttpOnly = true,
            Secure = IsSecure,
            Path = "/",
            // Genesys sends the browser back from another site, with a GET.
            SameSite = SameSiteMode.Lax,
            MaxAge = SignInStates.Lifetime,
        });
        return secret;
    }

    /// <summary>Null if the browser has no cookie of ours.</summary>
    internal string? Find(HttpRequest request) =>
        request.Cookies.TryGetValue(CookieName, out var secret) && secret.Length == SecretLength && Base64Url.IsValid(secret)
            ? secret
            : null;
}
