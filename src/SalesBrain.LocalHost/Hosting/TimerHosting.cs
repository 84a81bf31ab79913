using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SalesBrain.LocalHost.Hosting;

/// <summary>Serves timer functions as the Functions host does.</summary>
public static class TimerHosting
{
    /// <summary>Lets timers be run by hand: <see cref="TimerRunner"/> and, over HTTP, <see cref="MapTimers"/>.</summary>
    public static IServiceCollection AddTimers(this IServiceCollection services, FunctionCatalog catalog)
    {
        services.TryAddSingleton(catalog);
        services.AddSingleton<TimerRunner>();
        services.AddSingleton<ManualTimers>();
        return services.AddHostedService(provider => provider.GetRequiredService<ManualTimers>());
    }

    /// <summary>Runs the timers on their schedules too; needs <see cref="AddTimers"/> and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddTimerSchedules(this IServiceCollection services) => services.AddHostedService<TimerScheduler>();

    /// <summary>
    /// Maps <c>POST /admin/functions/{name}</c>: 202, and the timer runs; 404 if there is none of that name, or the caller is
    /// not on this machine. The body (<c>{"input": ""}</c> on the Functions host) is ignored.
    /// </summary>
    public static void MapTimers(this IEndpointRouteBuilder endpoints)
    {
        var timers = endpoints.ServiceProvider.GetRequiredService<ManualTimers>();
        endpoints.MapPost("/admin/functions/{name}", context =>
        {
            var fired = context.Connection.RemoteIpAddress is { } caller
                && IPAddress.IsLoopback(caller)
                && timers.Fire((string)context.Request.RouteValues["name"]!);
            context.Response.StatusCode = fired ? StatusCodes.Status202Accepted : StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}
