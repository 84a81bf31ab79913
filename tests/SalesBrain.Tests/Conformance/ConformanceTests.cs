using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.Conformance.Requests;
using SalesBrain.Tests.Documentation;

namespace SalesBrain.Tests.Conformance;

/// <summary>The published worker behind a Functions host does what the local host does.</summary>
public sealed class ConformanceTests(ConformanceWorld world) : IClassFixture<ConformanceWorld>
{
    [Fact]
    public async Task Worker_has_the_documented_operations() =>
        Assert.Equal(
            (await OperationsAsync()).Select(operation => operation.GetProperty("operationId").GetString()!).Order(StringComparer.Ordinal),
            world.HttpFunctions.Select(function => function.Name).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Every_operation_succeeds_alike()
    {
        var pairs = new List<RequestPair>();
        foreach (var example in world.Examples)
        {
            if (example.Request.IsRead)
            {
                pairs.Add(RequestPair.Same(example.Request));
                continue;
            }
            var (local, worker) = await world.TwoExamplesAsync(example.Request.Function);
            pairs.Add(new RequestPair(local.Request, worker.Request));
        }

        var report = await world.Comparison.RunAsync(pairs);

        report.AssertAlike(world.Examples.Count);
        Assert.Empty(report.Compared.Where(compared => !compared.Succeeded).Select(compared => $"{compared.Pair.Local}: {compared.Local.Status} {compared.Local.Body}"));
        Assert.Empty(world.HttpFunctions.Select(function => function.Name).Except(world.Worker.Invocations.Counts.Keys));
    }

    [Fact]
    public async Task Callers_are_treated_alike() =>
        (await world.Comparison.RunAsync(world.Examples.SelectMany(example => CallerRequests.Of(example, world.Tokens))))
            .AssertAlike(world.Examples.Count * 13);

    [Fact]
    public async Task Paths_are_understood_alike() =>
        (await world.Comparison.RunAsync(world.Examples.SelectMany(PathRequests.Paths))).AssertAlike(world.Examples.Count * 3);

    [Fact]
    public async Task Wrong_methods_are_refused_alike()
    {
        var taken = FunctionCatalog.Load().Http.ToLookup(function => Shape(function.RouteTemplate), function => function.Methods);
        var routes = world.HttpFunctions.ToDictionary(function => function.Name, function => Shape(function.Route));

        var report = await world.Comparison.RunAsync(world.Examples.SelectMany(example =>
            PathRequests.WrongMethods(example, taken[routes[example.Request.Function]].SelectMany(methods => methods).ToHashSet())));

        report.AssertAlike(world.Examples.Count * 4);
        Assert.All(report.Compared, compared => Assert.Equal(404, compared.Worker.Status));
    }

    [Fact]
    public async Task Bodies_are_read_alike() =>
        (await world.Comparison.RunAsync(world.Examples.SelectMany(BodyRequests.Of)))
            .AssertAlike(world.Examples.Count(example => example.Request.TakesBody) * 13);

    [Fact]
    public async Task Names_of_method_parameters_mean_nothing_in_query_and_body()
    {
        var parameters = FunctionCatalog.Load().Http.ToDictionary(function => function.Name, function => function.Method.GetParameters().Select(parameter => parameter.Name!));

        var report = await world.Comparison.RunAsync(world.Examples.SelectMany(example =>
            ParameterNameRequests.Of(example, parameters[example.Request.Function])));

        report.AssertAlike(world.Examples.Count * 20);
    }

    [Fact]
    public async Task Conditions_are_understood_alike()
    {
        var (reads, changes) = (await ConditionalAsync("If-None-Match"), await ConditionalAsync("If-Match"));
        var pairs = new List<RequestPair>();
        foreach (var example in reads)
        {
            var tag = (await world.AskLocalHostAsync(example.Request)).EntityTag;
            Assert.NotNull(tag);
            pairs.AddRange(ConditionalRequests.Reads(example, tag).Select(RequestPair.Same));
        }
        foreach (var example in changes)
        {
            pairs.AddRange(ConditionalRequests.Refused(example).Select(RequestPair.Same));
            var (local, worker) = await world.TwoExamplesAsync(example.Request.Function);
            pairs.Add(new RequestPair(await CurrentAsync(local), await CurrentAsync(worker)));
        }

        var report = await world.Comparison.RunAsync(pairs);

        report.AssertAlike(reads.Count * 6 + changes.Count * 4);
        Assert.All([200, 304, 412], status => Assert.Contains(report.Compared, compared => compared.Worker.Status == status));
    }

    [Fact]
    public async Task Every_timer_runs()
    {
        var timers = world.Worker.Functions.Where(function => function.IsTimer).ToList();
        var runner = world.App.Services.GetRequiredService<TimerRunner>();
        var failures = new List<string>();
        foreach (var timer in timers)
        {
            await runner.RunAsync(timer.Name, TestContext.Current.CancellationToken);
            if (await world.Worker.Timers.FireAsync(timer, TestContext.Current.CancellationToken) is { } failure)
            {
                failures.Add($"{timer.Name}: {failure}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {timers.Count} timers do not run:\n{string.Join('\n', failures)}");
        Assert.Equal(FunctionCatalog.Load().Timers.Select(timer => timer.Name), timers.Select(timer => timer.Name));
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
        var current = await world.AskLocalHostAsync(example.Request with { Method = HttpMethod.Get, Path = path, Body = null });
        Assert.NotNull(current.EntityTag);
        return ConditionalRequests.Change(example, current.EntityTag);
    }

    private async Task<List<Example>> ConditionalAsync(string header)
    {
        var names = (await OperationsAsync())
            .Where(operation => operation.TryGetProperty("parameters", out var parameters) && parameters.EnumerateArray().Any(parameter => parameter.GetProperty("name").GetString() == header))
            .Select(operation => operation.GetProperty("operationId").GetString()!).ToHashSet();
        Assert.NotEmpty(names);
        return [.. world.Examples.Where(example => names.Contains(example.Request.Function))];
    }

    private static async Task<List<JsonElement>> OperationsAsync()
    {
        var description = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(DocumentedFunctions.Repository, "docs", "openapi.json")));
        return [.. description.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value).Where(operation => operation.TryGetProperty("operationId", out _))];
    }

    /// <summary>A route without the names of its parameters.</summary>
    private static string Shape(string route) =>
        string.Join('/', route.Split('/').Select(segment => segment.StartsWith('{') ? segment.Contains(":guid", StringComparison.Ordinal) ? "{guid}" : "{}" : segment));
}
