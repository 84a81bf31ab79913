using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SalesBrain.LocalHost.Hosting;

/// <summary>Asks the framework's own route constraints what they let through.</summary>
internal static class RouteConstraints
{
    private static readonly DefaultInlineConstraintResolver Resolver = CreateResolver();

    /// <summary>
    /// Pairs that no value satisfies both of: a guid has 32 hexadecimal digits or more, a long at most 19 digits, a boolean is a word.
    /// </summary>
    private static readonly HashSet<(string, string)> Disjoint =
    [
        ("guid", "int"), ("guid", "long"), ("guid", "bool"),
        ("int", "bool"), ("long", "bool"),
        ("int", "alpha"), ("long", "alpha"),
    ];

    public static bool IsKnown(RoutePatternParameterPolicyReference policy) => Resolve(policy) is not null;

    /// <summary>Whether the parameter takes this text.</summary>
    public static bool Accept(RoutePatternParameterPart parameter, string text)
    {
        var values = new RouteValueDictionary { [parameter.Name] = text };
        return parameter.ParameterPolicies.All(policy =>
            Resolve(policy)?.Match(httpContext: null, route: null, parameter.Name, values, RouteDirection.IncomingRequest) ?? true);
    }

    /// <summary>Whether it is certain that no text satisfies both parameters.</summary>
    public static bool AreDisjoint(RoutePatternParameterPart first, RoutePatternParameterPart second) =>
        first.ParameterPolicies.Any(a => second.ParameterPolicies.Any(b =>
            Disjoint.Contains((a.Content ?? "", b.Content ?? "")) || Disjoint.Contains((b.Content ?? "", a.Content ?? ""))));

    private static IRouteConstraint? Resolve(RoutePatternParameterPolicyReference policy) =>
        Resolver.ResolveConstraint(policy.Content ?? "");

    private static DefaultInlineConstraintResolver CreateResolver()
    {
        var options = new RouteOptions();
        options.SetParameterPolicy<RegexInlineRouteConstraint>("regex");
        return new DefaultInlineConstraintResolver(Options.Create(options), new ServiceCollection().BuildServiceProvider());
    }
}
