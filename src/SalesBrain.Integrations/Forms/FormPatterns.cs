using System.Text.RegularExpressions;

namespace SalesBrain.Integrations.Forms;

internal static partial class FormPatterns
{
    [GeneratedRegex(@"^[^\s\p{C}]([^\p{C}\r\n]*[^\s\p{C}])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    internal static partial Regex Secret();

    [GeneratedRegex(@"^[!-~]+\z", RegexOptions.CultureInvariant, 1000)]
    internal static partial Regex Token();

    [GeneratedRegex(@"^[0-9]+\z", RegexOptions.CultureInvariant, 1000)]
    internal static partial Regex Digits();

    [GeneratedRegex(@"^[A-Z]{2}\z", RegexOptions.CultureInvariant, 1000)]
    internal static partial Regex Country();

    /// <summary>A header's name (RFC 9110, section 5.6.2).</summary>
    [GeneratedRegex(@"^[!#$%&'*+\-.^_`|~0-9A-Za-z]+\z", RegexOptions.CultureInvariant, 1000)]
    internal static partial Regex HeaderName();

    /// <summary>A query parameter's name.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9_.\-\[\]$]+\z", RegexOptions.CultureInvariant, 1000)]
    internal static partial Regex ParameterName();
}
