using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SalesBrain.Core.Values;

/// <summary>
/// Cleans e-mail addresses, everywhere by the same rules: webhooks, users, contacts, filters, sign-in. The SQL functions
/// <c>app.clean_email</c> and <c>app.email_norm</c> give the same results.
/// </summary>
public static class Emails
{
    /// <summary>Longest text that is taken for an address with what surrounds it, in characters.</summary>
    public const int MaxLength = 320;

    /// <summary>Longest local part in bytes (RFC 5321, section 4.5.3.1.1).</summary>
    public const int MaxLocalPart = 64;

    /// <summary>Longest address in bytes (RFC 5321, section 4.5.3.1.3, without the angle brackets).</summary>
    public const int MaxAddress = 254;

    /// <summary>Longest text that is looked at, in bytes.</summary>
    private const int MaxText = 2000;

    private const string LocalSymbols = "!#$%&'*+-/=?^_`{|}~.";
    private static readonly SearchValues<char> PlainLocal = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_.");

    private static readonly SearchValues<char> AsciiLocal =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + LocalSymbols);

    /// <summary>
    /// The one deliverable address in a text such as <c>Jane &lt;jane@acme.example&gt;</c>; null if there is none. Deliverable means that
    /// mail software accepts it: a local part of at most 64 bytes without empty parts, and a domain of at least two valid labels.
    /// </summary>
    public static EmailAddress? Clean(string? text)
    {
        if (text is null)
        {
            return null;
        }
        if (TryReadPlain(text, out var plain))
        {
            return plain;
        }
        if (text.Length > MaxText || !IsWellFormed(text) || Encoding.UTF8.GetByteCount(text) > MaxText)
        {
            return null;
        }
        var seen = EmailText.Seen(text);
        var decoded = EmailText.Decoded(seen);
        var email = Read(EmailText.Bare(decoded));
        if (email is not null || decoded == seen)
        {
            return email;
        }
        // A percent sign is allowed in a local part, so an address that decoding breaks is taken as it is.
        var literal = Read(EmailText.Trimmed(seen));
        return literal is not null && Read(EmailText.Bare(EmailText.Decoded(literal.Address))) is null ? literal : null;
    }

    /// <summary>Whether a text is or holds one deliverable address.</summary>
    public static bool IsValid(string? text) => Clean(text) is not null;

    /// <summary>
    /// The spelling that look-ups, unique keys and dedupe compare, as in every <c>email_norm</c> column. A text without a deliverable
    /// address is trimmed and lower-cased only.
    /// </summary>
    public static string Normalize(string text) => Clean(text)?.Norm ?? Lower(text.Trim());

    /// <summary>The address as it is shown: cleaned, in the letter case that was given. A text without one is trimmed only.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Shown(string? text) => Clean(text)?.Address ?? text?.Trim();

    /// <summary>A domain in lower case and in its ASCII form (IDNA); null if no mail server can have it.</summary>
    public static string? AsciiDomain(string domain)
    {
        var labels = NormalForms.Nfkc(Lower(NormalForms.Nfkc(domain))).Split('.');
        if (labels.Length < 2)
        {
            return null;
        }
        for (var i = 0; i < labels.Length; i++)
        {
            if (AsciiLabel(labels[i]) is not { } label)
            {
                return null;
            }
            labels[i] = label;
        }
        return labels[^1].AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 ? null : string.Join('.', labels);
    }

    /// <summary>
    /// The simple lower case of every character (UnicodeData), as PostgreSQL's <c>C.UTF-8</c> has it. The runtime leaves İ out.
    /// </summary>
    internal static string Lower(string text) => text.ToLowerInvariant().Replace('İ', 'i');

    /// <summary>Most addresses have no decoration and only plain characters.</summary>
    private static bool TryReadPlain(string text, [NotNullWhen(true)] out EmailAddress? plain)
    {
        plain = null;
        var at = text.IndexOf('@');
        if (at <= 0 || at > MaxLocalPart || text.Length > MaxAddress || text[0] == '.' || text[at - 1] == '.'
            || text.AsSpan(0, at).ContainsAnyExcept(PlainLocal) || text.AsSpan(0, at).IndexOf("..") >= 0)
        {
            return false;
        }
        var domain = text.AsSpan(at + 1);
        var (start, labels, isNumber, isLower) = (0, 0, true, true);
        for (var i = 0; i <= domain.Length; i++)
        {
            if (i == domain.Length || domain[i] == '.')
            {
                if (i == start || i - start > 63 || domain[start] == '-' || domain[i - 1] == '-' || (i == domain.Length && isNumber))
                {
                    return false;
                }
                (start, labels, isNumber) = (i + 1, labels + 1, true);
                continue;
            }
            if (!char.IsAsciiLetterOrDigit(domain[i]) && domain[i] != '-')
            {
                return false;
            }
            isNumber &= char.IsAsciiDigit(domain[i]);
            isLower &= !char.IsAsciiLetterUpper(domain[i]);
        }
        if (labels < 2)
        {
            return false;
        }
        var address = isLower ? text : string.Concat(text.AsSpan(0, at + 1), domain.ToString().ToLowerInvariant());
        plain = new EmailAddress(address, address.ToLowerInvariant());
        return true;
    }

    private static EmailAddress? Read(string address)
    {
        var at = address.IndexOf('@');
        if (at < 1 || !IsLocalPart(address.AsSpan(0, at)) || AsciiDomain(address[(at + 1)..]) is not { } domain)
        {
            return null;
        }
        var local = address[..at];
        var norm = NormalForms.Nfc(Lower(local));
        return Fits(local, domain) && Fits(norm, domain) ? new EmailAddress($"{local}@{domain}", $"{norm}@{domain}") : null;
    }

    private static bool Fits(string local, string domain) =>
        Encoding.UTF8.GetByteCount(local) is var length && length <= MaxLocalPart && length + 1 + domain.Length <= MaxAddress;

    private static bool IsLocalPart(ReadOnlySpan<char> local)
    {
        if (local[0] == '.' || local[^1] == '.' || local.IndexOf("..") >= 0)
        {
            return false;
        }
        foreach (var character in local)
        {
            if (character < 0x80 ? !AsciiLocal.Contains(character) : !IsPrintable(character))
            {
                return false;
            }
        }
        return true;
    }

    private static string? AsciiLabel(string label)
    {
        if (label.Length == 0 || label[0] == '-' || label[^1] == '-')
        {
            return null;
        }
        var isAscii = true;
        foreach (var character in label)
        {
            if (character < 0x80 ? !char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '-' : !IsPrintable(character))
            {
                return null;
            }
            isAscii &= character < 0x80;
        }
        if (label.Length > 63)
        {
            return null;
        }
        var ascii = isAscii ? label : "xn--" + Punycode.Encode(label);
        return ascii.Length <= 63 ? ascii : null;
    }

    /// <summary>Not a control character, a blank, or the character that stands for an unreadable one.</summary>
    private static bool IsPrintable(char character) => character > 0x9F && character != '\uFFFD' && !EmailText.Blanks.Contains(character);

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i]))))
            {
                return false;
            }
        }
        return true;
    }
}

/// <summary>A deliverable address.</summary>
/// <param name="Address">As it is shown and written to: the local part in the letter case that was given, the domain in its ASCII
/// form.</param>
/// <param name="Norm">What is compared: <see cref="Address"/> in lower case.</param>
public sealed record EmailAddress(string Address, string Norm);
