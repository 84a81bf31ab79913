using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SalesBrain.Tests.Conformance.Worker;

/// <summary>
/// Takes HTTP requests and routes them as the Functions host does: to the first function in name order whose template, constraints and
/// methods match; 404 if there is none.
/// </summary>
internal sealed class HttpFront : IAsyncDisposable
{
    /// <summary>The host's own limit, above the worker's.</summary>
    private const long MaxRequestBodySize = 100 * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly HttpInvocation _invocation;

    private HttpFront(WebApplication app, HttpInvocation invocation) => (_app, _invocation) = (app, invocation);

    internal Uri Address => new(_app.Urls.Single());

    internal static async Task<HttpFront> StartAsync(IReadOnlyList<HostFunction> functions, Invocations invocations, Uri worker)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The real host refuses such headers itself, with 500. Here they show what the worker does.
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBodySize;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
        });
        builder.Services.AddRouting();
        var app = builder.Build();
        var front = new HttpFront(app, new HttpInvocation(invocations, worker));
        var routes = new RouteCollection();
        foreach (var function in functions)
        {
            routes.Add(front.RouteTo(function));
        }
        app.UseRouter(routes);
        app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return front;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _invocation.Dispose();
    }

    private Route RouteTo(HostFunction function) => new(
        new RouteHandler(context => _invocation.RunAsync(context, function)), function.Name, function.Route, defaults: null,
        constraints: new Dictionary<string, object> { ["method"] = new HttpMethodRouteConstraint(function.Methods) }, dataTokens: null,
        _app.Services.GetRequiredService<IInlineConstraintResolver>());
}
