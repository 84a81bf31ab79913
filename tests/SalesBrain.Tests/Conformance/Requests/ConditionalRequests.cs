namespace SalesBrain.Tests.Conformance.Requests;

/// <summary>Reads and changes that depend on the version the caller has.</summary>
internal static class ConditionalRequests
{
    /// <summary>Reads with the current entity tag, an old one, and others.</summary>
    internal static IEnumerable<ConformanceRequest> Reads(Example example, string current) =>
        new[] { current, $"W/{current}", $"\"old\", {current}", "\"old\"", "*", "no tag" }
            .Select(tag => example.Request.With($"If-None-Match: {tag}", "If-None-Match", tag));

    /// <summary>Changes that are refused: of an old version, or of the current one with a body that is invalid.</summary>
    internal static IEnumerable<ConformanceRequest> Refused(Example example)
    {
        yield return example.Request.With("If-Match: an old tag", "If-Match", "\"old\"");
        yield return example.Request.With("If-Match: no tag", "If-Match", "no tag");
        yield return example.Harmless.With("If-Match: *", "If-Match", "*");
    }

    /// <summary>The change of the version with this entity tag.</summary>
    internal static ConformanceRequest Change(Example example, string current) => example.Request.With($"If-Match: {current}", "If-Match", current);
}
