namespace SalesBrain.Tests.Conformance.Requests;

/// <summary>Every function, called without a token, with a malformed one, and by each role.</summary>
internal static class CallerRequests
{
    internal static IEnumerable<ConformanceRequest> Of(Example example, IReadOnlyDictionary<string, string> tokens)
    {
        yield return example.Harmless.As("nobody", null);
        yield return example.Harmless.As("nobody", "not.a.token") with { Detail = "with a malformed token" };
        foreach (var (role, token) in tokens)
        {
            yield return example.Harmless.As(role, token);
        }
    }
}
