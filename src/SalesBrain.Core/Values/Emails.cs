namespace SalesBrain.Core.Values;

/// <summary>The one spelling of an e-mail address that look-ups, unique keys and dedupe compare.</summary>
public static class Emails
{
    /// <summary>Longest address taken, in characters: 64 + @ + 255 (RFC 3696, section 3).</summary>
    public const int MaxLength = 320;

    /// <summary>The trimmed, lower-case address, as in every <c>email_norm</c> column. Does not check validity.</summary>
    public static string Normalize(string email) => email.Trim().ToLowerInvariant();

    /// <summary>
    /// Whether the trimmed address has exactly one @ with text on both sides, and no space, control character or lone surrogate. Does not
    /// check that the address exists.
    /// </summary>
    public static bool IsValid(string email)
    {
        var address = email.AsSpan().Trim();
        var at = address.IndexOf('@');
        if (address.Length > MaxLength || at < 1 || at == address.Length - 1 || address[(at + 1)..].Contains('@'))
        {
            return false;
        }
        for (var i = 0; i < address.Length; i++)
        {
            if (char.IsWhiteSpace(address[i]) || char.IsControl(address[i]))
            {
                return false;
            }
            if (char.IsSurrogate(address[i]) && !(i + 1 < address.Length && char.IsSurrogatePair(address[i], address[++i])))
            {
                return false;
            }
        }
        return true;
    }
}
