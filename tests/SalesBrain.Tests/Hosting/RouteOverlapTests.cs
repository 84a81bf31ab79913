using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SalesBrain.LocalHost.Hosting;

namespace SalesBrain.Tests.Hosting;

public sealed class RouteOverlapTests
{
    private const string SampleGuid = "00000000-0000-0000-0000-000000000001";

    [Theory]
    [InlineData("api/leads", "api/leads", "api/leads")]
    [InlineData("api/leads", "API/Leads", "api/leads")]
    [InlineData("api/leads/{token}", "api/leads/bulk", "api/leads/bulk")]
    [InlineData("api/leads/{a}", "api/leads/{b}", "api/leads/x")]
    [InlineData("api/leads/{a:guid}", "api/leads/{b}", "api/leads/" + SampleGuid)]
    [InlineData("api/leads/{a:int}", "api/leads/{b:long}", "api/leads/1")]
    [InlineData("api/leads/{a:int}", "api/leads/2024", "api/leads/2024")]
    [InlineData("api/leads/{a:regex(^b.*)}", "api/leads/bulk", "api/leads/bulk")]
    [InlineData("api/leads/{a:regex(^b.*)}", "api/leads/{b:regex(.*k$)}", "api/leads/…")]
    [InlineData("api/leads/{a?}", "api/leads", "api/leads")]
    [InlineData("api/leads/{a=all}", "api/leads", "api/leads")]
    [InlineData("api/leads/{a?}", "api/leads/bulk", "api/leads/bulk")]
    [InlineData("api/leads/{a:guid?}", "api/leads/{b:int?}", "api/leads")]
    [InlineData("api/files/{*path}", "api/files", "api/files")]
    [InlineData("api/files/{**path}", "api/files/a/{id:guid}", "api/files/a/" + SampleGuid)]
    [InlineData("api/{area}/bulk", "api/leads/{name}", "api/leads/bulk")]
    [InlineData("api/exports/{name}.csv", "api/exports/all.csv", "api/exports/all.csv")]
    [InlineData("api/exports/{name}.csv", "api/exports/{file}", "api/exports/…")]
    public void Templates_that_may_match_the_same_path_give_an_example(string first, string second, string example)
    {
        Assert.Equal(example, CommonPath(first, second), ignoreCase: true);
        Assert.Equal(example, CommonPath(second, first), ignoreCase: true);
    }

    [Theory]
    [InlineData("api/leads", "api/contacts")]
    [InlineData("api/leads", "api/leads/bulk")]
    [InlineData("api/leads/{id:guid}", "api/leads")]
    [InlineData("api/leads/{id:guid}", "api/leads/bulk")]
    [InlineData("api/leads/{id:guid}", "api/leads/{number:int}")]
    [InlineData("api/leads/{name:alpha}", "api/leads/{number:long}")]
    [InlineData("api/leads/{id:guid}", "api/leads/{other:guid}/notes")]
    [InlineData("api/leads/{id:guid}/notes", "api/leads/{id:guid}/tasks")]
    [InlineData("api/leads/{id:guid?}", "api/leads/bulk")]
    [InlineData("api/leads/{token:length(43)}", "api/leads/bulk")]
    [InlineData("api/leads/{a:regex(^b.*)}", "api/leads/all")]
    [InlineData("api/files/{*path}", "api/leads/{id}")]
    [InlineData("api/{area}/{id:guid}", "api/leads/bulk")]
    [InlineData("api/exports/{name}.csv", "api/exports/all.json")]
    public void Templates_that_never_match_the_same_path_do_not_clash(string first, string second)
    {
        Assert.Null(CommonPath(first, second));
        Assert.Null(CommonPath(second, first));
    }

    [Fact]
    public void Clash_is_found_exactly_when_the_framework_matches_some_path_with_both()
    {
        var segment = Gen.Elements("a", "bulk", "1", "{x}", "{x:guid}", "{x:int}", "{x:alpha}", "{x:bool}");
        var last = Gen.Elements("", "a", "bulk", "{y}", "{y:guid}", "{y?}", "{y:int?}", "{*y}", "{y=bulk}");
        var template = from length in Gen.Choose(0, 2)
                       from segments in segment.ListOf(length)
                       from end in last
                       select string.Join('/', Renamed(segments).Append(end).Prepend("api").Where(part => part.Length > 0));
        var path = from length in Gen.Choose(0, 4)
                   from segments in Gen.Elements("a", "bulk", "1", "true", "x", SampleGuid).ListOf(length)
                   select string.Join('/', segments.Prepend("api"));
        var cases = from first in template
                    from second in template
                    from paths in path.ListOf(60)
                    select (first, second, paths);

        Prop.ForAll(cases.ToArbitrary(), item =>
            {
                var example = CommonPath(item.first, item.second);
                return example is null
                    ? item.paths.All(candidate => !(Matches(item.first, candidate) && Matches(item.second, candidate)))
                    : Matches(item.first, example) && Matches(item.second, example);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static string? CommonPath(string first, string second) =>
        RouteOverlap.CommonPath(RoutePatternFactory.Parse(first), RoutePatternFactory.Parse(second));

    /// <summary>A template may use a parameter name once.</summary>
    private static IEnumerable<string> Renamed(IEnumerable<string> segments) =>
        segments.Select((segment, index) => segment.Replace("{x", $"{{x{index}", StringComparison.Ordinal));

    private static bool Matches(string template, string path)
    {
        var routeTemplate = TemplateParser.Parse(template);
        var defaults = new RouteValueDictionary(routeTemplate.Parameters.Where(part => part.DefaultValue is not null).ToDictionary(
            part => part.Name!, part => part.DefaultValue));
        var values = new RouteValueDictionary();
        return new TemplateMatcher(routeTemplate, defaults).TryMatch("/" + path, values)
            && routeTemplate.Parameters.All(part =>
                (part.IsOptional && !values.ContainsKey(part.Name!))
                || part.InlineConstraints.All(inline =>
                    Resolver.ResolveConstraint(inline.Constraint)!.Match(
                        httpContext: null, route: null, part.Name!, values, RouteDirection.IncomingRequest)));
    }

    private static readonly DefaultInlineConstraintResolver Resolver = new(
        Options.Create(new RouteOptions()), new ServiceCollection().BuildServiceProvider());
}
