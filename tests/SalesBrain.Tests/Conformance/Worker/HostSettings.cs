using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace SalesBrain.Tests.Conformance.Worker;

/// <summary>Reads settings as the Functions host does: from environment variables, with ":" in place of "__" in their names.</summary>
internal sealed partial class HostSettings(IReadOnlyDictionary<string, string> environment)
{
    private readonly IConfiguration _configuration = new ConfigurationBuilder()
        .AddInMemoryCollection(environment.Select(variable => KeyValuePair.Create(variable.Key.Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value)))
        .Build();

    /// <summary>The text with every <c>%Setting%</c> replaced; the problem if a setting is not found, whose function the host then disables.</summary>
    internal (string Text, string? Problem) Resolve(string text)
    {
        string? problem = null;
        var resolved = SettingName().Replace(text, match =>
        {
            var value = _configuration[match.Groups["name"].Value];
            problem ??= value is null ? $"'{match.Value}' does not resolve to a value" : null;
            return value ?? "";
        });
        return (resolved, problem);
    }

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SettingName();
}
