using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SalesBrain.Functions.Http;

namespace SalesBrain.LocalHost.Hosting;

/// <summary>Maps the HTTP functions to routes that behave as in the Azure Functions host.</summary>
public static class FunctionMounting
{
    /// <summary>
    /// Maps every HTTP function to its route and its methods. Every other request gets a 404, even a known path with another method, and
    /// even HEAD and OPTIONS if the function does not list them.
    /// </summary>
    public static void MapFunctions(this IEndpointRouteBuilder endpoints, FunctionCatalog catalog)
    {
        var loggers = endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>();
        foreach (var function in catalog.Http)
        {
            endpoints
                .MapMethods(function.RouteTemplate, function.Methods, Answer(function, loggers.CreateLogger($"Function.{function.Name}")))
                .WithDisplayName(function.Name);
        }

        // If only the method does not match, ASP.NET Core would return 405. This endpoint matches every method, so it returns 404.
        endpoints
            .MapFallback("{**path}", static context =>
            {
                SecurityHeaders.Set(context.Response);
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            })
            .WithDisplayName("No function");
    }

    private static RequestDelegate Answer(HttpFunction function, ILogger logger)
    {
        var invoke = FunctionInvoker.For(function);
        return async context =>
        {
            try
            {
                var result = await invoke(context);
                await result.ExecuteAsync(context);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // The client has disconnected.
            }
            catch (Exception exception)
            {
                logger.LogError(exception, "Function {Function} failed", function.Name);
                if (context.Response.HasStarted)
                {
                    context.Abort();
                    return;
                }

                SecurityHeaders.StartOver(context.Response);
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }
        };
    }
}
