using System.Collections.Concurrent;
using System.Text.Json;
using SalesBrain.Integrations;

namespace SalesBrain.Tests.App;

/// <summary>
/// Sources that do what a test says, page by page: for tests of jobs, not of adapters. A source that no test has described is
/// <paramref name="real"/>'s, or empty.
/// </summary>
public sealed class TestSources(ISourceAdapters? real = null) : ISourceAdapters
{
    private static readonly ConcurrentDictionary<Guid, Fetch> Described = new();

    /// <summary>Returns a page.</summary>
    public delegate Task<SourcePage> Fetch(string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Says what a source returns.</summary>
    public static void Describe(Guid sourceId, Fetch fetch) => Described[sourceId] = fetch;

    /// <summary>A source of people in pages of a size.</summary>
    public static Fetch Pages(IReadOnlyList<SourcePerson> people, int size, bool tellsTotal = true) => (cursor, _, _) =>
    {
        var start = cursor is null ? 0 : int.Parse(cursor);
        var next = start + size < people.Count ? $"{start + size}" : null;
        return Task.FromResult(new SourcePage([.. people.Skip(start).Take(size)], next, tellsTotal ? people.Count : null, []));
    };

    /// <summary>A person with an external id, an address and a name.</summary>
    public static SourcePerson Person(
        string? externalId, string? email = null, string? firstName = null, string? linkedinUrl = null, string? company = null, string? phone = null) =>
        new(externalId, email, EmailVerified: false, firstName, null, company, null, phone, linkedinUrl, null, null, null, null);

    /// <summary>People with ids x0, x1 … and addresses of their own.</summary>
    public static List<SourcePerson> People(int count) =>
        [.. Enumerable.Range(0, count).Select(n => Person($"x{n}", $"p{n}@prospect.example", $"First {n}"))];

    public IReadOnlyList<SourceFormProblem> Check(SourceType type, JsonElement config, JsonElement? credentials) => real is not null
        ? real.Check(type, config, credentials)
        : config.TryGetProperty("wrong", out _) ? [new("config.wrong", "unknown", "is not a setting of this type")] : [];

    public IReadOnlyList<SourceFormProblem> CheckRequest(SourceType type, JsonElement config, SourceRequest request) =>
        real?.CheckRequest(type, config, request) ?? [];

    public ISourceAdapter Open(SourceConnection connection) =>
        Described.TryGetValue(connection.SourceId, out var fetch) ? new DescribedSource(fetch)
        : real?.Open(connection) ?? new DescribedSource((_, _, _) => Task.FromResult(new SourcePage([], null, 0, [])));

    private sealed class DescribedSource(Fetch fetch) : ISourceAdapter
    {
        public Task<SourceTest> TestAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new SourceTest(true, "ok", "The source answers."));

        public Task<SourcePage> FetchAsync(string? cursor, int limit, CancellationToken cancellationToken) =>
            fetch(cursor, limit, cancellationToken);
    }
}
