using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace SalesBrain.LocalHost.Hosting;

/// <summary>Whether two route templates may match the same path.</summary>
public static class RouteOverlap
{
    /// <summary>Stands in an example path for a segment that both templates may match, but of which no example is known.</summary>
    public const string Something = "…";

    /// <summary>Tried as examples of a segment that two parameters match.</summary>
    private static readonly string[] Samples =
        ["x", "1", "true", "00000000-0000-0000-0000-000000000001", "abcdefabcdefabcdefabcdefabcdefab", "2026-01-31"];

    /// <summary>
    /// A path that both templates match, as an example; null if there is none. When it can't be decided (two different regular
    /// expressions, say), the answer is that they may.
    /// </summary>
    public static string? CommonPath(RoutePattern first, RoutePattern second)
    {
        var path = new List<string>();
        return Walk(first.PathSegments, second.PathSegments, 0, path) ? string.Join('/', path) : null;
    }

    private static bool Walk(
        IReadOnlyList<RoutePatternPathSegment> first, IReadOnlyList<RoutePatternPathSegment> second, int at, List<string> path)
    {
        // The path may end here: what is left of either template can be left out.
        if (first.Skip(at).All(CanBeAbsent) && second.Skip(at).All(CanBeAbsent))
        {
            return true;
        }

        if (at < first.Count && IsCatchAll(first[at]))
        {
            path.AddRange(second.Skip(at).Select(Example));
            return true;
        }

        if (at < second.Count && IsCatchAll(second[at]))
        {
            path.AddRange(first.Skip(at).Select(Example));
            return true;
        }

        if (at >= first.Count || at >= second.Count || CommonSegment(first[at], second[at]) is not { } segment)
        {
            return false;
        }

        path.Add(segment);
        return Walk(first, second, at + 1, path);
    }

    private static string? CommonSegment(RoutePatternPathSegment first, RoutePatternPathSegment second)
    {
        switch (LiteralOf(first), LiteralOf(second))
        {
            case ({ } literal, { } other):
                return string.Equals(literal, other, StringComparison.OrdinalIgnoreCase) ? literal : null;
            case ({ } literal, null):
                return Accepts(second, literal) ? literal : null;
            case (null, { } literal):
                return Accepts(first, literal) ? literal : null;
        }

        return first.Parts is [RoutePatternParameterPart a] && second.Parts is [RoutePatternParameterPart b] && RouteConstraints.AreDisjoint(a, b)
            ? null
            : Samples.FirstOrDefault(sample => Accepts(first, sample) && Accepts(second, sample)) ?? Something;
    }

    private static bool Accepts(RoutePatternPathSegment segment, string text)
    {
        var values = new RouteValueDictionary();
        var template = new RouteTemplate(RoutePatternFactory.Pattern(segment));
        return new TemplateMatcher(template, []).TryMatch("/" + text, values)
            && segment.Parts
                .OfType<RoutePatternParameterPart>()
                .All(parameter => values[parameter.Name] is not string value || RouteConstraints.Accept(parameter, value));
    }

    private static string Example(RoutePatternPathSegment segment) =>
        LiteralOf(segment) ?? Samples.FirstOrDefault(sample => Accepts(segment, sample)) ?? Something;

    private static string? LiteralOf(RoutePatternPathSegment segment) =>
        segment.Parts is [RoutePatternLiteralPart literal] ? literal.Content : null;

    private static bool IsCatchAll(RoutePatternPathSegment segment) => segment.Parts is [RoutePatternParameterPart { IsCatchAll: true }];

    private static bool CanBeAbsent(RoutePatternPathSegment segment) =>
        segment.Parts is [RoutePatternParameterPart parameter]
            && (parameter.IsOptional || parameter.IsCatchAll || parameter.Default is not null);
}
