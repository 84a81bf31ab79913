using System.Linq.Expressions;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace SalesBrain.LocalHost.Hosting;

/// <summary>Runs an HTTP function: creates its class from the services of the request and calls its method.</summary>
/// <exception cref="FormatException">A route value can't be converted to its parameter.</exception>
public delegate Task<IResult> InvokeHttp(HttpContext context);

/// <summary>Runs a timer function: creates its class from these services and calls its method.</summary>
public delegate Task InvokeTimer(IServiceProvider services, TimerInfo timer, CancellationToken cancellationToken);

/// <summary>
/// Creates the delegates that run functions. They are compiled on first use, so that many functions do not slow down the start.
/// </summary>
public static class FunctionInvoker
{
    public static InvokeHttp For(HttpFunction function)
    {
        var create = Creator(function.ClassType);
        var call = new Lazy<Func<object, HttpRequest, Task<IResult>>>(() => CompileHttp(function));
        return context => call.Value(create.Value(context.RequestServices, null), context.Request);
    }

    public static InvokeTimer For(TimerFunction function)
    {
        var create = Creator(function.ClassType);
        var call = new Lazy<Func<object, TimerInfo, CancellationToken, Task>>(() => CompileTimer(function));
        return (services, timer, cancellationToken) => call.Value(create.Value(services, null), timer, cancellationToken);
    }

    private static Lazy<ObjectFactory> Creator(Type type) => new(() => ActivatorUtilities.CreateFactory(type, Type.EmptyTypes));

    private static Func<object, HttpRequest, Task<IResult>> CompileHttp(HttpFunction function)
    {
        var instance = Expression.Parameter(typeof(object));
        var request = Expression.Parameter(typeof(HttpRequest));
        var call = Expression.Call(
            Expression.Convert(instance, function.ClassType),
            function.Method,
            [request, .. function.RouteValues.Select(parameter => ReadRouteValue(request, parameter))]);
        return Expression.Lambda<Func<object, HttpRequest, Task<IResult>>>(call, instance, request).Compile();
    }

    private static Func<object, TimerInfo, CancellationToken, Task> CompileTimer(TimerFunction function)
    {
        var instance = Expression.Parameter(typeof(object));
        var timer = Expression.Parameter(typeof(TimerInfo));
        var cancellationToken = Expression.Parameter(typeof(CancellationToken));
        var call = Expression.Call(Expression.Convert(instance, function.ClassType), function.Method, timer, cancellationToken);
        return Expression.Lambda<Func<object, TimerInfo, CancellationToken, Task>>(call, instance, timer, cancellationToken).Compile();
    }

    private static MethodCallExpression ReadRouteValue(Expression request, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var underlying = Nullable.GetUnderlyingType(type);
        var name = Expression.Constant(parameter.Name);
        return type == typeof(string) ? Expression.Call(typeof(FunctionInvoker), nameof(ReadText), [], request, name)
            : underlying is null ? Expression.Call(typeof(FunctionInvoker), nameof(ReadRequired), [type], request, name)
            : Expression.Call(typeof(FunctionInvoker), nameof(ReadOptional), [underlying], request, name);
    }

    private static string? ReadText(HttpRequest request, string name) => request.RouteValues[name] as string;

    private static T ReadRequired<T>(HttpRequest request, string name)
        where T : struct, IParsable<T> =>
        T.TryParse(ReadText(request, name), provider: null, out var value)
            ? value
            : throw new FormatException($"The route value '{name}' is not a {typeof(T).Name}.");

    private static T? ReadOptional<T>(HttpRequest request, string name)
        where T : struct, IParsable<T> =>
        ReadText(request, name) is null ? null : ReadRequired<T>(request, name);
}
