using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using SalesBrain.Core.Values;
using SalesBrain.Functions.Http;
using SalesBrain.Functions.Http.Responses;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>A value in an endpoint's path, by its documented name.</summary>
internal sealed record PathParameter(string Name, Type Type);

/// <summary>The documentation of an HTTP function: its attributes, and the behaviour of every endpoint of its kind.</summary>
internal sealed record DocumentedEndpoint
{
    public required string Name { get; init; }

    /// <summary>Upper-case.</summary>
    public required string Method { get; init; }

    /// <summary>With a leading slash and snake_case parameters: <c>/api/admin/webhooks/logs/{log_id}</c>.</summary>
    public required string Path { get; init; }

    public required IReadOnlyList<PathParameter> PathParameters { get; init; }
    public required OperationAttribute About { get; init; }
    public required CallerAttribute Caller { get; init; }

    /// <summary>Bound from the query string or the body; null when the endpoint takes no input.</summary>
    public required Type? Input { get; init; }

    /// <summary>Media types of the body; empty when there is none.</summary>
    public required IReadOnlyList<string> BodyTypes { get; init; }

    public required IReadOnlyList<ReturnsAttribute> Responses { get; init; }

    /// <summary>In the order of the catalogue: by status and code.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    public bool InputIsQuery => Input is not null && BodyTypes.Count == 0;

    /// <summary>Throws <see cref="StartupException"/> that names the function if its attributes are incomplete.</summary>
    internal static DocumentedEndpoint Of(HttpFunction function)
    {
        var method = function.Method;
        var about = method.GetCustomAttribute<OperationAttribute>() ?? throw Incomplete(function, "carries no [Operation]");
        var caller = method.GetCustomAttribute<CallerAttribute>() ?? throw Incomplete(function, "does not declare who may call it");
        var answers = method.GetCustomAttributes<ReturnsAttribute>().ToList();
        if (answers.Count == 0)
        {
            throw Incomplete(function, "carries no [Returns]");
        }
        // HEAD behaves like GET. Any other second method would need a second operation id.
        var verb = function.Methods.Where(name => name != HttpMethods.Head || function.Methods.Count == 1).ToList() is [var only]
            ? only
            : throw Incomplete(function, "serves several HTTP methods; make it a function for each");

        var calls = PipelineCalls.In(method);
        if (calls is not [var types] || types[0] != function.ClassType)
        {
            throw Incomplete(function, "must call the request pipeline once, as itself");
        }
        var input = types.ElementAtOrDefault(1);
        var takesBody = input is not null
            && !(HttpMethods.IsGet(verb) || HttpMethods.IsHead(verb) || (HttpMethods.IsDelete(verb) && !about.TakesBody));
        string[] bodyTypes = about.AcceptsForm ? ["application/json", "application/x-www-form-urlencoded"] : ["application/json"];
        var pattern = RoutePatternFactory.Parse(function.RouteTemplate);
        var endpoint = new DocumentedEndpoint
        {
            Name = function.Name,
            Method = verb,
            Path = "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(Spell)))),
            PathParameters = function.RouteValues.Select(
                value => new PathParameter(WireNames.Of(value.Name!), value.ParameterType)).ToList(),
            About = about,
            Caller = caller,
            Input = input,
            BodyTypes = takesBody ? bodyTypes : method.GetCustomAttribute<RawBodyAttribute>()?.ContentTypes ?? [],
            Responses = answers,
            Problems = [],
        };
        var declared = method.GetCustomAttribute<ProblemsAttribute>()?.Codes ?? [];
        if (declared.Except(Functions.Http.Responses.Problems.All.Select(problem => problem.Code)).ToList() is [var unknown, ..])
        {
            throw Incomplete(function, $"names the problem '{unknown}', which is not in the catalogue");
        }
        var codes = ImpliedProblems.Of(endpoint).Select(problem => problem.Code).Concat(declared).ToHashSet();
        return endpoint with { Problems = Functions.Http.Responses.Problems.All.Where(problem => codes.Contains(problem.Code)).ToList() };
    }

    private static string Spell(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => $"{{{WireNames.Of(parameter.Name)}}}",
        _ => throw new NotSupportedException(part.GetType().Name),
    };

    private static StartupException Incomplete(HttpFunction function, string why) =>
        new($"{function.Name} cannot be documented: it {why}.");
}
