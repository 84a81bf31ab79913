using System.Reflection;
using SalesBrain.Core.Access;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Http;
using SalesBrain.Integrations;
using SalesBrain.LocalHost.Hosting;

namespace SalesBrain.Tests.Architecture;

/// <summary>What docs/architecture.md says about the projects and their areas.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly[] Projects =
        [typeof(Role).Assembly, typeof(DatabaseSession).Assembly, typeof(ISourceAdapter).Assembly, typeof(RequestPipeline).Assembly, typeof(HostBuilding).Assembly];

    private static readonly AreaGraph Graph = new(Projects.Select(project => project.Location));

    [Fact]
    public void Areas_do_not_use_each_other_in_circles()
    {
        Assert.True(Graph.Areas.Count > 40, $"{Graph.Areas.Count} areas");

        Assert.Empty(Graph.Cycles());
    }

    [Fact]
    public void Http_knows_no_area_of_the_product()
    {
        string[] shared =
        [
            "Core.Access", "Core.Audit", "Core.Paging", "Core.Rows", "Core.Security", "Core.Telemetry", "Core.Values", "Data.Access",
            "Data.Audit", "Data.Sessions",
        ];

        var uses = Graph.UsedBy("Functions.Http").Where(use => use.Value.Contains(" uses SalesBrain.", StringComparison.Ordinal));

        Assert.Empty(uses.Where(use => !shared.Contains(use.Key)).Select(use => use.Value));
    }

    [Fact]
    public void Core_has_no_database_no_web_host_and_no_clock_of_its_own()
    {
        string[] forbidden = ["Npgsql", "Dapper", "System.Data", "System.Net.Http", "System.IO.Pipes", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Hosting", "Microsoft.Extensions.Hosting"];

        var uses = Graph.Areas.Where(area => area.StartsWith("Core.", StringComparison.Ordinal)).SelectMany(Graph.UsedBy).ToList();

        Assert.NotEmpty(uses);
        Assert.Empty(
            uses.Where(use => forbidden.Any(name => use.Key == name || use.Key.StartsWith(name + ".", StringComparison.Ordinal)))
                .Select(use => use.Value));
        Assert.Empty(ForbiddenCalls.In(typeof(Role).Assembly.Location, ForbiddenCalls.Clocks));
    }

    [Fact]
    public void Text_is_normalized_by_the_table_of_the_product()
    {
        Assert.NotEmpty(Projects);
        Assert.Empty(Projects.SelectMany(assembly => ForbiddenCalls.In(assembly.Location, ForbiddenCalls.NormalForms)));
    }

    [Theory]
    [InlineData("SalesBrain.Core")]
    [InlineData("SalesBrain.Data", "SalesBrain.Core")]
    [InlineData("SalesBrain.Integrations", "SalesBrain.Core")]
    [InlineData("SalesBrain.Functions", "SalesBrain.Core", "SalesBrain.Data", "SalesBrain.Integrations")]
    [InlineData("SalesBrain.LocalHost", "SalesBrain.Core", "SalesBrain.Data", "SalesBrain.Functions", "SalesBrain.Integrations")]
    public void Project_uses_only_the_projects_below_it(string project, params string[] below)
    {
        var used = Projects.Single(assembly => assembly.GetName().Name == project).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name.StartsWith("SalesBrain.", StringComparison.Ordinal));

        Assert.Equal(below, used.Order(StringComparer.Ordinal));
    }
}
