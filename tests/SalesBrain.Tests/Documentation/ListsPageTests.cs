using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Assignments;
using SalesBrain.Functions.Http.Paging;
using SalesBrain.LocalHost.Documentation;
using SalesBrain.LocalHost.Documentation.Lists;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Documentation;

/// <summary>docs/lists.sql has every list, and the database takes what it says.</summary>
[Collection(SerialApp.Collection)]
public sealed class ListsPageTests(SerialApp app)
{
    public static TheoryData<string> Functions => [.. ListExamples.All.Select(list => list.Function)];

    [Fact]
    public async Task Every_list_with_pages_is_on_the_page()
    {
        var page = await DocumentedFunctions.PageAsync("docs/lists.sql");

        var lists = FunctionCatalog.Load().Http
            .Where(function => PipelineCalls.In(function.Method) is [[_, var input]] && input.IsAssignableTo(typeof(ICursorList)))
            .Select(function => function.Name)
            .Append(nameof(ListUserAssignments))
            .ToList();

        Assert.True(lists.Count > 10, $"{lists.Count}");
        Assert.All(lists, list => Assert.Contains($"-- {list}: GET /", page, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task Database_accepts_every_example(string function)
    {
        var session = app.Services.GetRequiredService<SalesBrainDatabase>().ReadPlatform();

        foreach (var example in ListExamples.All.Single(list => list.Function == function).Examples)
        {
            await session.QueryMultipleAsync(
                example.Statement.Sql,
                example.Statement.Arguments,
                // Running to the end is what shows an error.
                (_, _) => Task.FromResult(example.Request),
                TestContext.Current.CancellationToken);
        }
    }
}
