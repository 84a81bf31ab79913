namespace SalesBrain.Core.Agents.Upgrade;

/// <summary>WhatsApp ids of people, as old tables write them.</summary>
internal static class PeerIds
{
    private const int MaxLength = 128;

    /// <summary>
    /// The id as the vendor writes it: of a phone number the digits with the country code, without plus, zeros and blanks. Any other text
    /// without blanks is kept. Null if it cannot be an id.
    /// </summary>
    internal static string? Read(string? text)
    {
        var id = text?.Trim() ?? "";
        if (id.Length == 0)
        {
            return null;
        }
        if (id.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '(' or ')' or '.' or '/'))
        {
            var digits = string.Concat(id.Where(char.IsAsciiDigit));
            digits = digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..] : digits;
            return digits.Length is >= 7 and <= 15 && digits[0] != '0' ? digits : null;
        }
        return id.Length <= MaxLength && !id.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) ? id : null;
    }
}
