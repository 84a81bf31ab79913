using System.Buffers;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace SalesBrain.LocalHost.Hosting;

/// <summary>
/// Rules for function methods, so that the Functions host finds and binds them and behaves like this host. A problem is one line that
/// begins with the function's name.
/// </summary>
public static partial class FunctionRules
{
    private static readonly SearchValues<string> SettingSeparators = SearchValues.Create(["__", ":"], StringComparison.Ordinal);

    private static readonly string[] KnownMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    public static string NameOf(MethodInfo method) => method.GetCustomAttribute<FunctionAttribute>(inherit: false)!.Name;

    public static bool IsHttp(MethodInfo method) => TriggerOf<HttpTriggerAttribute>(method) is not null;

    public static bool IsTimer(MethodInfo method) => TriggerOf<TimerTriggerAttribute>(method) is not null;

    /// <summary>Names that several functions share: the host compares them ignoring case.</summary>
    public static IEnumerable<string> SharedNames(IEnumerable<MethodInfo> methods) =>
        methods
            .GroupBy(NameOf, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(" and ", group.Select(Place))} share this name; names are unique ignoring case.");

    /// <summary>Every broken rule of one function's method, class and trigger.</summary>
    public static IEnumerable<string> Problems(MethodInfo method) =>
        ClassProblems(method).Concat(MethodProblems(method)).Select(problem => $"{NameOf(method)} ({Place(method)}): {problem}");

    private static IEnumerable<string> ClassProblems(MethodInfo method)
    {
        var type = method.DeclaringType!;
        if (type.IsNested)
        {
            yield return "its class is nested; the Functions host finds functions in top-level classes only.";
        }

        if (type.IsAbstract || !type.IsClass || type.ContainsGenericParameters)
        {
            yield return "its class must be one that can be created: not static, abstract, generic or a struct.";
        }
    }

    private static IEnumerable<string> MethodProblems(MethodInfo method)
    {
        if (!FunctionName().IsMatch(NameOf(method)))
        {
            yield return "its name must begin with a letter, followed by at most 127 letters, digits, '-' or '_'.";
        }

        if (!method.IsPublic)
        {
            yield return "its method is not public; the Functions host silently skips it.";
        }

        if (method.IsStatic || method.IsGenericMethodDefinition)
        {
            yield return "its method must be an instance method without type parameters.";
        }

        var http = TriggerOf<HttpTriggerAttribute>(method);
        var timer = TriggerOf<TimerTriggerAttribute>(method);
        var problems = (http, timer) switch
        {
            (not null, null) => HttpProblems(method, http),
            (null, not null) => TimerProblems(method, timer),
            _ => ["its first parameter, and no other, carries [HttpTrigger] or [TimerTrigger]."],
        };
        foreach (var problem in problems)
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> HttpProblems(MethodInfo method, HttpTriggerAttribute trigger)
    {
        var parameters = method.GetParameters();
        if (parameters.Length < 1 || parameters[0].ParameterType != typeof(HttpRequest) || method.ReturnType != typeof(Task<IResult>))
        {
            yield return "its method takes an HttpRequest, then route values, and returns Task<IResult>.";
        }

        // The worker binds every other parameter by name from the query string and the body's members, and a value that does not convert
        // fails the request before the function runs. Only route values win over both.
        if (parameters.Any(parameter => parameter.ParameterType == typeof(CancellationToken)))
        {
            yield return "its method takes a CancellationToken, which a query parameter of that name would break; use the "
                + "request's RequestAborted.";
        }

        // Attribute data contains only what is written; an attribute instance would also contain defaults.
        var written = parameters[0].GetCustomAttributesData().Single(data => data.AttributeType == typeof(HttpTriggerAttribute));
        if (trigger.AuthLevel != AuthorizationLevel.Anonymous
            || !written.ConstructorArguments.Any(argument => argument.ArgumentType == typeof(AuthorizationLevel)))
        {
            yield return "its [HttpTrigger] must spell out AuthorizationLevel.Anonymous; the request pipeline checks callers.";
        }

        if (trigger.Methods is not { Length: > 0 })
        {
            yield return "its [HttpTrigger] lists no HTTP method; the Functions host would accept all of them.";
        }

        foreach (var unknown in (trigger.Methods ?? []).Except(KnownMethods, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"'{unknown}' is not an HTTP method.";
        }
    }

    private static IEnumerable<string> TimerProblems(MethodInfo method, TimerTriggerAttribute trigger)
    {
        if (method.ReturnType != typeof(Task)
            || !method.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual([typeof(TimerInfo), typeof(CancellationToken)]))
        {
            yield return "its method takes a TimerInfo, then a CancellationToken, and returns Task.";
        }

        if (trigger.Schedule is ['%', .. var setting, '%'] && setting.AsSpan().IndexOfAny(SettingSeparators) >= 0)
        {
            yield return $"its schedule's setting {setting} has '__' or ':' in its name, which the Functions host cannot resolve: it "
                + "would disable the timer.";
        }

        // Several instances start at once, and each would run it; without the monitor a run missed while all were down is lost.
        if (trigger.RunOnStartup || !trigger.UseMonitor)
        {
            yield return "its [TimerTrigger] leaves RunOnStartup off and UseMonitor on.";
        }
    }

    private static T? TriggerOf<T>(MethodInfo method)
        where T : Attribute
    {
        var triggers = method.GetParameters().Where(parameter => parameter.IsDefined(typeof(T))).ToList();
        return triggers is [{ Position: 0 } first] ? first.GetCustomAttribute<T>() : null;
    }

    private static string Place(MethodInfo method) => $"{method.DeclaringType!.FullName}.{method.Name}";

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]{0,127}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FunctionName();
}
