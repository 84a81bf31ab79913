using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Functions.Http;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Hosting;

/// <summary>A function that handles HTTP requests. Methods are in upper case; the route has no leading slash.</summary>
public sealed record HttpFunction(string Name, Type ClassType, MethodInfo Method, string RouteTemplate, IReadOnlyList<string> Methods)
{
    /// <summary>The parameters after the request; each takes the route value of its name.</summary>
    public IReadOnlyList<ParameterInfo> RouteValues => Method.GetParameters()[1..];
}

/// <summary>A function that runs on a schedule: an NCRONTAB expression, or <c>%SettingName%</c> of one.</summary>
public sealed record TimerFunction(string Name, Type ClassType, MethodInfo Method, string Schedule);

/// <summary>All functions of an assembly, in name order. A catalog exists only if every rule of the Functions host is kept.</summary>
public sealed class FunctionCatalog
{
    private const BindingFlags AnyDeclared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private FunctionCatalog(IReadOnlyList<HttpFunction> http, IReadOnlyList<TimerFunction> timers)
    {
        Http = http;
        Timers = timers;
    }

    public IReadOnlyList<HttpFunction> Http { get; }

    public IReadOnlyList<TimerFunction> Timers { get; }

    /// <summary>The functions of the product, those of <c>SalesBrain.Functions</c>.</summary>
    /// <exception cref="StartupException">A rule of the Functions host is broken; names every function concerned.</exception>
    public static FunctionCatalog Load() => Load(typeof(RequestPipeline).Assembly);

    /// <inheritdoc cref="Load()"/>
    public static FunctionCatalog Load(Assembly assembly) => Load(assembly.GetTypes());

    /// <inheritdoc cref="Load()"/>
    public static FunctionCatalog Load(params IEnumerable<Type> types)
    {
        var declared = types
            .SelectMany(type => type.GetMethods(AnyDeclared))
            .Where(method => method.IsDefined(typeof(FunctionAttribute), inherit: false))
            .OrderBy(FunctionRules.NameOf, StringComparer.OrdinalIgnoreCase)
            .ToList();

        var problems = declared.SelectMany(FunctionRules.Problems).Concat(FunctionRules.SharedNames(declared)).ToList();
        var sound = problems.Count == 0 ? declared : declared.FindAll(method => !FunctionRules.Problems(method).Any());

        var http = sound.Where(FunctionRules.IsHttp).Select(ToHttpFunction).ToList();
        problems.AddRange(http.SelectMany(RouteRules.Problems));
        problems.AddRange(RouteRules.Clashes(http));
        if (problems.Count > 0)
        {
            throw new StartupException(Describe(problems));
        }

        return new FunctionCatalog(http, sound.Where(FunctionRules.IsTimer).Select(ToTimerFunction).ToList());
    }

    private static string Describe(List<string> problems) =>
        problems.Count == 1
            ? problems[0]
            : $"{problems.Count} rules of the Functions host are broken. "
                + $"{string.Join(' ', problems.Select((problem, index) => $"({index + 1}) {problem}"))}";

    private static HttpFunction ToHttpFunction(MethodInfo method)
    {
        var trigger = method.GetParameters()[0].GetCustomAttribute<HttpTriggerAttribute>()!;
        var methods = trigger.Methods!.Select(name => name.ToUpperInvariant()).Distinct().ToArray();
        return new HttpFunction(FunctionRules.NameOf(method), method.DeclaringType!, method, trigger.Route ?? "", methods);
    }

    private static TimerFunction ToTimerFunction(MethodInfo method)
    {
        var trigger = method.GetParameters()[0].GetCustomAttribute<TimerTriggerAttribute>()!;
        return new TimerFunction(FunctionRules.NameOf(method), method.DeclaringType!, method, trigger.Schedule);
    }
}
