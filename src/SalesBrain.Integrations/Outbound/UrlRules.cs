using System.Diagnostics.CodeAnalysis;
using System.Net;
using SalesBrain.Core.Values;

namespace SalesBrain.Integrations.Outbound;

/// <summary>Which URLs the app calls: https, and in development http to this machine.</summary>
public static class UrlRules
{
    public const int MaxLength = 2000;

    /// <summary>What such a URL must be, as a validation message.</summary>
    public const string Rule = "must be an https URL of the public internet, without user name, password and fragment";

    /// <summary>
    /// Reads a URL that the app may call. Only its text is judged: what the host's name resolves to is checked when the connection is made.
    /// </summary>
    public static bool TryRead(string text, bool allowLoopback, [NotNullWhen(true)] out Uri? url)
    {
        url = null;
        if (text.Length > MaxLength || !Uri.TryCreate(text, UriKind.Absolute, out var read) || !IsAllowed(read, allowLoopback))
        {
            return false;
        }
        url = read;
        return true;
    }

    public static bool IsAllowed(Uri url, bool allowLoopback)
    {
        // A host in other forms of the same characters, such as full-width digits, is read differently by different programs.
        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0 || url.IdnHost.Length == 0 || NormalForms.Nfkc(url.Host) != url.Host)
        {
            return false;
        }
        var isLoopback = url.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(url.IdnHost, out var loopback) && AddressRules.IsLoopback(loopback));
        if (isLoopback)
        {
            return allowLoopback && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
        }
        return url.Scheme == Uri.UriSchemeHttps && (!IPAddress.TryParse(url.IdnHost, out var address) || AddressRules.IsPublic(address))
            && !IsLocalName(url.IdnHost);
    }

    /// <summary>Whether both are the same scheme, host and port.</summary>
    public static bool IsSameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port
            && one.IdnHost.TrimEnd('.').Equals(other.IdnHost.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    /// <summary>Names that only a local network resolves. They would fail later; here the user learns it at once.</summary>
    private static bool IsLocalName(string host)
    {
        var name = host.TrimEnd('.');
        return name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".local", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".internal", StringComparison.OrdinalIgnoreCase) || (!name.Contains('.') && !name.Contains(':'));
    }
}
