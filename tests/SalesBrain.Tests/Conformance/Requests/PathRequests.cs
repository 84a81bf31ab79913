namespace SalesBrain.Tests.Conformance.Requests;

/// <summary>Paths that differ a little from a good one, and methods that no function has at the path.</summary>
internal static class PathRequests
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"];

    internal static IEnumerable<ConformanceRequest> Paths(Example example)
    {
        var harmless = example.Harmless;
        yield return harmless with { Path = WithPath(harmless.Path, path => path + "/"), Detail = "with a slash at the end" };
        yield return harmless with { Path = WithPath(harmless.Path, path => path + "/more"), Detail = "with one segment too many" };
        if (example.Names is null)
        {
            yield return harmless with { Path = WithPath(harmless.Path, path => path.ToUpperInvariant()), Detail = "in capitals" };
            yield break;
        }
        string[] others = Guid.TryParse(example.Names, out var id)
            ? ["not-an-id", "%20", "0", $"{Guid.NewGuid()}", $"{Guid.NewGuid():N}", $"({Guid.NewGuid()})", $"{Guid.NewGuid()}x"]
            : ["no-such-token", "%20", "a%2Fb"];
        foreach (var other in others)
        {
            yield return example.About(other) with { Body = harmless.Body, Detail = $"with the id {other}" };
        }
        if (id != Guid.Empty && harmless.IsRead)
        {
            yield return example.About($"{id:N}") with { Detail = "with an id without hyphens" };
        }
    }

    /// <param name="example">Where.</param>
    /// <param name="taken">The methods of the functions there.</param>
    internal static IEnumerable<ConformanceRequest> WrongMethods(Example example, IReadOnlySet<string> taken) =>
        Methods.Where(method => !taken.Contains(method))
            .Select(method => example.Request with { Method = new HttpMethod(method), Body = null });

    private static string WithPath(string path, Func<string, string> change)
    {
        var query = path.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? change(path) : change(path[..query]) + path[query..];
    }
}
