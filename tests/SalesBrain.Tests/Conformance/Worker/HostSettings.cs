using System.Text.RegularExpressions;

namespace SalesBrain.Tests.Conformance.Worker;

/// <summary>Reads settings as the Functions host does: from environment variables, with ":" in place of "__" in their names.</summary>
internal sealed partial class HostSettings(IReadOnlyDictionary<string, string> environment)
{
    private readonly Dictionary<string, string> _settings = environment.ToDictionary(
        variable => variable.Key.Replace("__", ":", StringComparison.Ordinal), variable => variable.Value,
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The text with every <c>%Setting%</c> replaced, or the problem: the host disables a function whose setting it does not find.
    /// </summary>
    internal (string Text, string? Problem) Resolve(string text)
    {
        string? problem = null;
        var resolved = SettingName().Replace(text, match =>
        {
            var value = _settings.GetValueOrDefault(match.Groups["name"].Value);
            problem ??= value is null ? $"'{match.Value}' does not resolve to a value" : null;
            return value ?? "";
        });
        return (resolved, problem);
    }

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SettingName();
}
