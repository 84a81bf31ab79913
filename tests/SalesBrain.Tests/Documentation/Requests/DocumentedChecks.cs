namespace SalesBrain.Tests.Documentation.Requests;

/// <summary>
/// The checks that no schema can express, because they depend on what is there or on several members together. The description of the operation or the
/// member says each in words. A value that the schema allows may be refused by these and by nothing else.
/// </summary>
internal static class DocumentedChecks
{
    private static readonly Dictionary<string, string[]> ByOperation = new(StringComparer.Ordinal);

    /// <summary>Operations whose valid requests need a secret that only an e-mail or an earlier response contains, or another state.</summary>
    internal static readonly HashSet<string> NeverSucceeds = [];

    /// <summary>Whether a member may be refused although its schema allows the value.</summary>
    internal static bool MayRefuse(string operation, string member) =>
        ByOperation.TryGetValue(operation, out var members)
        && members.Any(known => member == known || member.StartsWith(known + ".", StringComparison.Ordinal) || member.StartsWith(known + "[", StringComparison.Ordinal));
}
