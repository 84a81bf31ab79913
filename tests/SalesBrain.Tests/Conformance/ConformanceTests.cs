using System.Text.Json;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.Conformance.Requests;
using SalesBrain.Tests.Documentation;

namespace SalesBrain.Tests.Conformance;

/// <summary>The published worker behind a Functions host does what the local host does.</summary>
[Collection(ConformanceWorld.Shared)]
public sealed class ConformanceTests(ConformanceWorld world)
{
    [Fact]
    public async Task Worker_has_the_documented_operations() =>
        Assert.Equal(
            (await OperationsAsync()).Select(operation => operation.GetProperty("operationId").GetString()!).Order(StringComparer.Ordinal),
            world.HttpFunctions.Select(function => function.Name).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Every_operation_succeeds_alike()
    {
        var reads = world.Examples.Where(example => example.Request.IsRead).ToList();
        var changes = world.Examples.Except(reads).Select(example => example.Request.Function).ToList();
        var withHead = world.HttpFunctions.Where(function => function.Methods.Contains("HEAD"))
            .Select(function => function.Name).ToHashSet();
        var heads = reads.Where(example => withHead.Contains(example.Request.Function)).ToList();
        List<RequestPair> pairs =
        [
            .. reads.Select(example => RequestPair.Same(example.Request)),
            .. heads.Select(example => RequestPair.Same(example.Request with { Method = HttpMethod.Head })),
            .. (await world.EqualExamplesAsync(changes)).Select(equal => RequestPair.Equal(equal.Local.Request, equal.Worker.Request)),
        ];

        var report = await world.CompareAsync(pairs);

        report.AssertAlike(reads.Count + heads.Count + changes.Count);
        Assert.NotEmpty(heads);
        // A sign-in is completed with Genesys, which only AgentSignInTests have.
        Assert.Empty(report.Compared.Where(compared => !compared.Succeeded && compared.Pair.Local.Function != "CompleteAgentSignIn")
            .Select(compared => $"{compared.Pair.Local}: {compared.Local.Status} {compared.Local.Body}"));
        Assert.Empty(world.HttpFunctions.Select(function => function.Name).Except(world.Worker.Invocations.Counts.Keys));
    }

    [Fact]
    public async Task Callers_are_treated_alike() =>
        (await world.CompareAsync(world.Examples.SelectMany(example => CallerRequests.Of(example, world.Tokens))))
            .AssertAlike(world.Examples.Count * 13);

    [Fact]
    public async Task Paths_are_understood_alike() =>
        (await world.CompareAsync(world.Examples.SelectMany(PathRequests.Paths))).AssertAlike(world.Examples.Count * 3);

    [Fact]
    public async Task Wrong_methods_are_refused_alike()
    {
        var taken = FunctionCatalog.Load().Http.ToLookup(function => Shape(function.RouteTemplate), function => function.Methods);
        var routes = world.HttpFunctions.ToDictionary(function => function.Name, function => Shape(function.Route));

        var report = await world.CompareAsync(world.Examples.SelectMany(example =>
            PathRequests.WrongMethods(example, taken[routes[example.Request.Function]].SelectMany(methods => methods).ToHashSet())));

        report.AssertAlike(world.Examples.Count * 4);
        Assert.All(report.Compared, compared => Assert.Equal(404, compared.Worker.Status));
    }

    [Fact]
    public async Task Bodies_are_read_alike() =>
        (await world.CompareAsync(world.Examples.SelectMany(BodyRequests.Of)))
            .AssertAlike(world.Examples.Count(example => example.Request.TakesBody) * 13);

    [Fact]
    public async Task Headers_outside_ascii_are_read_alike()
    {
        // Sent as Latin-1: the second is UTF-8.
        var report = await world.CompareAsync(world.Examples.SelectMany(example => new[]
        {
            example.Harmless.With("with a header in Latin-1", "User-Agent", "caf\u00e9"),
            example.Harmless.With("with a header in UTF-8", "User-Agent", "caf\u00c3\u00a9"),
        }));

        report.AssertAlike(world.Examples.Count * 2);
        Assert.Contains(report.Compared, compared => compared.Succeeded && compared.Pair.Local.TakesBody);
    }

    [Fact]
    public async Task Names_of_method_parameters_mean_nothing_in_query_and_body()
    {
        // Names that functions have, or once had.
        var parameters = FunctionCatalog.Load().Http.ToDictionary(
            function => function.Name,
            function => function.Method.GetParameters().Select(parameter => parameter.Name!).Append("cancellationToken"));

        var report = await world.CompareAsync(world.Examples.SelectMany(example =>
            ParameterNameRequests.Of(example, parameters[example.Request.Function])));

        report.AssertAlike(world.Examples.Count * 8);
    }

    [Fact]
    public async Task Conditions_are_understood_alike()
    {
        var (reads, changes) = (await ConditionalAsync("If-None-Match"), await ConditionalAsync("If-Match"));
        var pairs = new List<RequestPair>();
        foreach (var example in reads)
        {
            var (local, worker) = await world.TagsAsync(example.Request);
            pairs.AddRange(ConditionalRequests.Reads(example, local, worker));
        }
        pairs.AddRange(changes.SelectMany(ConditionalRequests.Refused).Select(RequestPair.Same));
        foreach (var (local, worker) in await world.EqualExamplesAsync([.. changes.Select(example => example.Request.Function)]))
        {
            pairs.Add(RequestPair.Equal(await CurrentAsync(local), await CurrentAsync(worker)));
        }

        var report = await world.CompareAsync(pairs);

        report.AssertAlike(reads.Count * 6 + changes.Count * 4);
        Assert.All([200, 304, 412], status => Assert.Contains(report.Compared, compared => compared.Worker.Status == status));
    }

    /// <summary>The change of what there is now.</summary>
    private async Task<ConformanceRequest> CurrentAsync(Example example)
    {
        var path = example.Request.Path;
        if (example.Names is null)
        {
            // The rules are changed by a body that names the organization.
            var organization = JsonElement.Parse(example.Request.Body!).GetProperty("organization_id").GetString();
            path += $"?organization_id={organization}";
        }
        var current = await world.TagsAsync(example.Request with { Method = HttpMethod.Get, Path = path, Body = null });
        return ConditionalRequests.Change(example, current.Local);
    }

    private async Task<List<Example>> ConditionalAsync(string header)
    {
        var names = (await OperationsAsync())
            .Where(operation => operation.TryGetProperty("parameters", out var parameters)
                && parameters.EnumerateArray().Any(parameter => parameter.GetProperty("name").GetString() == header))
            .Select(operation => operation.GetProperty("operationId").GetString()!).ToHashSet();
        Assert.NotEmpty(names);
        return [.. world.Examples.Where(example => names.Contains(example.Request.Function))];
    }

    private static async Task<List<JsonElement>> OperationsAsync()
    {
        var description = JsonElement.Parse(
            await File.ReadAllTextAsync(Path.Combine(DocumentedFunctions.Repository, "docs", "openapi.json")));
        return [.. description.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value).Where(operation => operation.TryGetProperty("operationId", out _))];
    }

    /// <summary>A route without the names of its parameters.</summary>
    private static string Shape(string route) =>
        string.Join('/', route.Split('/').Select(segment =>
            !segment.StartsWith('{') ? segment : segment.Contains(":guid", StringComparison.Ordinal) ? "{guid}" : "{}"));
}
