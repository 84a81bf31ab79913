using System.Reflection;
using Microsoft.AspNetCore.Routing.Patterns;

namespace SalesBrain.LocalHost.Hosting;

/// <summary>
/// Rules for routes, so that the Functions host accepts them and sends every path to the intended function. A problem is one line that
/// begins with the function's name.
/// </summary>
public static class RouteRules
{
    /// <summary>The route constraints that let through only what the type can hold; any other value would be a 500.</summary>
    private static readonly Dictionary<Type, string[]> FittingConstraints = new()
    {
        [typeof(Guid)] = ["guid"],
        [typeof(int)] = ["int"],
        [typeof(long)] = ["long", "int"],
    };

    /// <summary>Every broken rule of one function's route.</summary>
    public static IEnumerable<string> Problems(HttpFunction function) =>
        SpellingProblems(function.RouteTemplate).Concat(PatternProblems(function)).Select(problem => $"{function.Name}: {problem}");

    /// <summary>
    /// Pairs of functions that could both handle a request. The Functions host would choose the first by name, so such pairs are not
    /// allowed.
    /// </summary>
    public static IEnumerable<string> Clashes(IReadOnlyList<HttpFunction> functions)
    {
        var patterned = functions
            .Select(function => (Function: function, Pattern: Parse(function.RouteTemplate)))
            .Where(item => item.Pattern is not null)
            .ToList();

        for (var i = 0; i < patterned.Count; i++)
        {
            for (var j = i + 1; j < patterned.Count; j++)
            {
                var (first, second) = (patterned[i], patterned[j]);
                var methods = first.Function.Methods.Intersect(second.Function.Methods).ToList();
                if (methods.Count > 0 && RouteOverlap.CommonPath(first.Pattern!, second.Pattern!) is { } path)
                {
                    yield return $"{first.Function.Name} ('{first.Function.RouteTemplate}') and {second.Function.Name} "
                        + $"('{second.Function.RouteTemplate}') both match {string.Join('/', methods)} {path}; "
                        + "make the routes differ, or constrain a parameter.";
                }
            }
        }
    }

    private static IEnumerable<string> SpellingProblems(string route)
    {
        if (route.Length == 0)
        {
            yield return "its route is empty.";
        }
        else if (route[0] is '/' or '~')
        {
            yield return $"its route '{route}' begins with '{route[0]}'; the Functions host fails on it.";
        }
        else if (route.StartsWith("admin", StringComparison.OrdinalIgnoreCase)
            || route.StartsWith("runtime", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"its route '{route}' begins with 'admin' or 'runtime', which the Functions host reserves.";
        }
        else if (!route.StartsWith("api/", StringComparison.Ordinal))
        {
            yield return $"its route '{route}' must begin with 'api/'; host.json adds no prefix.";
        }
    }

    private static IEnumerable<string> PatternProblems(HttpFunction function)
    {
        if (Parse(function.RouteTemplate) is not { } pattern)
        {
            yield return $"its route '{function.RouteTemplate}' is not a route template.";
            yield break;
        }

        foreach (var policy in pattern.Parameters.SelectMany(parameter => parameter.ParameterPolicies).Where(policy => !RouteConstraints.IsKnown(policy)))
        {
            yield return $"its route '{function.RouteTemplate}' has the unknown constraint '{policy.Content}'.";
        }

        foreach (var parameter in function.RouteValues)
        {
            if (ParameterProblem(parameter, pattern) is { } problem)
            {
                yield return problem;
            }
        }
    }

    private static string? ParameterProblem(ParameterInfo parameter, RoutePattern pattern)
    {
        var routeParameter = pattern.Parameters.FirstOrDefault(candidate => candidate.Name == parameter.Name);
        if (routeParameter is null)
        {
            return $"its parameter '{parameter.Name}' is not in the route '{pattern.RawText}' in that spelling.";
        }

        if (routeParameter.IsOptional && new NullabilityInfoContext().Create(parameter).WriteState != NullabilityState.Nullable)
        {
            return $"its parameter '{parameter.Name}' is optional in the route, so its type must be nullable.";
        }

        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (type == typeof(string))
        {
            return null;
        }

        if (!FittingConstraints.TryGetValue(type, out var fitting))
        {
            return $"its parameter '{parameter.Name}' is a {type.Name}; route values are string, Guid, int or long.";
        }

        return routeParameter.ParameterPolicies.Any(policy => fitting.Contains(policy.Content))
            ? null
            : $"its parameter '{parameter.Name}' is a {type.Name}, so the route must constrain it: {{{parameter.Name}:{fitting[0]}}}.";
    }

    private static RoutePattern? Parse(string template)
    {
        try
        {
            return RoutePatternFactory.Parse(template);
        }
        catch (RoutePatternException)
        {
            return null;
        }
    }
}
