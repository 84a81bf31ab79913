namespace SalesBrain.Tests.Conformance.Requests;

/// <summary>Reads and changes that depend on the version the caller has.</summary>
internal static class ConditionalRequests
{
    /// <summary>Reads with the entity tag that each host has for the thing, with an old one, and with others.</summary>
    internal static IEnumerable<RequestPair> Reads(Example example, string local, string worker) =>
        Tags(local).Zip(
            Tags(worker), (here, there) => new RequestPair(IfNoneMatch(example, here), IfNoneMatch(example, there), IsOfOneThing: true));

    /// <summary>Changes that are refused: of an old version, or of the current one with a body that is invalid.</summary>
    internal static IEnumerable<ConformanceRequest> Refused(Example example)
    {
        yield return example.Request.With("If-Match: an old tag", "If-Match", "\"old\"");
        yield return example.Request.With("If-Match: no tag", "If-Match", "no tag");
        yield return example.Harmless.With("If-Match: *", "If-Match", "*");
    }

    /// <summary>The change of the version with this entity tag.</summary>
    internal static ConformanceRequest Change(Example example, string current) =>
        example.Request.With($"If-Match: {current}", "If-Match", current);

    private static string[] Tags(string current) => [current, $"W/{current}", $"\"old\", {current}", "\"old\"", "*", "no tag"];

    private static ConformanceRequest IfNoneMatch(Example example, string tag) =>
        example.Request.With($"If-None-Match: {tag}", "If-None-Match", tag);
}
