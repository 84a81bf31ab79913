using System.Collections.Frozen;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Auth;

/// <summary>
/// Which passwords may be set: only the length and a list of common passwords count (NIST SP 800-63B-4, section 3.1.1.2).
/// </summary>
public static class PasswordRules
{
    /// <summary>Fewest characters (code points) in Unicode NFKC: an emoji is one.</summary>
    public const int MinLength = 12;

    /// <summary>Most characters, counted the same way.</summary>
    public const int MaxLength = 256;

    /// <summary>Read when the first password is set; <c>common-passwords.md</c> says where the list comes from.</summary>
    private static readonly Lazy<FrozenSet<string>> Common = new(ReadCommon);

    /// <summary>What is wrong with the password, as a validation message for its field; null if it may be set.</summary>
    public static string? Problem(string password) => ProblemOfNormal(NormalForms.Nfkc(password));

    private static string? ProblemOfNormal(string password) => CodePoints.Count(password) switch
    {
        < MinLength => $"must have at least {MinLength} characters",
        > MaxLength => $"must have at most {MaxLength} characters",
        _ when Common.Value.Contains(password) => "is one of the 10,000 most common passwords; choose another",
        _ => null,
    };

    private static FrozenSet<string> ReadCommon()
    {
        using var resource = typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
