using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SalesBrain.LocalHost.Sandbox;

/// <summary>
/// Stand-ins of the vendors under <c>/sandbox</c>, which behave as their documentation says. The local host serves them in Development; the
/// tests use the same ones.
/// </summary>
internal sealed class SandboxServer(TimeSpan latency, TimeProvider clock)
{
    /// <summary>Where the stand-ins are.</summary>
    internal const string Root = "/sandbox";

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    internal TimeProvider Clock => clock;

    /// <summary>Requests of a kind that a credential has sent, or credits that it has used.</summary>
    internal int CountOf(string kind, string credential) => _counts.GetValueOrDefault($"{kind} {credential}");

    internal int Count(string kind, string credential, int by = 1) =>
        _counts.AddOrUpdate($"{kind} {credential}", by, (_, count) => count + by);

    internal static SandboxServer Map(IEndpointRouteBuilder endpoints, TimeSpan latency, TimeProvider clock)
    {
        var server = new SandboxServer(latency, clock);
        ApolloSandbox.Map(endpoints, server);
        ZoominfoSandbox.Map(endpoints, server);
        LinkedinSandbox.Map(endpoints, server);
        RestSandbox.Map(endpoints, server);
        return server;
    }

    /// <summary>
    /// Adds an endpoint. <paramref name="credentialOf"/> reads the credential; a mode that fails is answered here, every other request by
    /// <paramref name="respond"/>.
    /// </summary>
    internal void Add(
        IEndpointRouteBuilder endpoints, string method, string path, Func<HttpRequest, string?> credentialOf, Func<HttpContext, string, Task> respond, string kind = "request") =>
        endpoints.MapMethods(Root + path, [method], async context =>
        {
            var credential = credentialOf(context.Request) ?? "";
            var mode = SandboxMode.Of(credential);
            var number = Count(kind, credential);
            await Task.Delay(mode == SandboxMode.Slow ? TimeSpan.FromSeconds(2) : latency, context.RequestAborted);
            if (!await FailAsync(context, mode, number))
            {
                await respond(context, credential);
            }
        }).WithDisplayName($"Sandbox {path}");

    internal static Task JsonAsync(HttpContext context, object body, int status = 200, string mediaType = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = mediaType;
        return context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body), context.RequestAborted).AsTask();
    }

    internal static async Task<JsonElement> ReadAsync(HttpContext context) =>
        (await JsonSerializer.DeserializeAsync<JsonElement?>(context.Request.Body, cancellationToken: context.RequestAborted)) ?? default;

    /// <summary>The bearer token of a request.</summary>
    internal static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } header && header.StartsWith("Bearer ", StringComparison.Ordinal)
            ? header["Bearer ".Length..]
            : null;

    /// <summary>User name and password of a request.</summary>
    internal static (string User, string Password)? Basic(HttpRequest request)
    {
        const string Scheme = "Basic ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.Ordinal) && Encoding.UTF8.GetString(Convert.FromBase64String(header[Scheme.Length..])).Split(':', 2) is [var user, var password]
            ? (user, password)
            : null;
    }

    private static async Task<bool> FailAsync(HttpContext context, string mode, int number)
    {
        switch (mode)
        {
            case SandboxMode.Bad:
                await JsonAsync(context, new { error = "Invalid access credentials." }, 401);
                return true;
            case SandboxMode.Plan:
                await JsonAsync(
                    context, new { error = "The account's plan does not include this endpoint.", error_code = "API_INACCESSIBLE" }, 403);
                return true;
            case SandboxMode.Quota:
                await JsonAsync(context, new { error = "No credits left." }, 402);
                return true;
            case SandboxMode.Missing:
                await JsonAsync(context, new { error = "Not found." }, 404);
                return true;
            case SandboxMode.Invalid:
                await JsonAsync(context, new { error = "A parameter is invalid." }, 422);
                return true;
            case SandboxMode.Rate:
                return await TooManyAsync(context, "7");
            case SandboxMode.RateSilent:
                return await TooManyAsync(context, null);
            case SandboxMode.Down:
                return await HtmlAsync(context, 502);
            case SandboxMode.Garbage:
                return await HtmlAsync(context, 200);
            case SandboxMode.Wrong:
                await JsonAsync(context, new { unexpected = true });
                return true;
            case SandboxMode.Hang:
                await Task.Delay(TimeSpan.FromMinutes(5), context.RequestAborted);
                return true;
            case SandboxMode.Huge:
                return await HugeAsync(context);
            case SandboxMode.Flaky when number % 3 == 0:
                return (number / 3 % 3) switch
                {
                    1 => await TooManyAsync(context, "1"),
                    2 => await TooManyAsync(context, null),
                    _ => await HtmlAsync(context, 502),
                };
            default:
                return false;
        }
    }

    private static async Task<bool> TooManyAsync(HttpContext context, string? retryAfter)
    {
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }
        await JsonAsync(context, new { message = "Too many requests." }, 429);
        return true;
    }

    internal static async Task<bool> HtmlAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html";
        await context.Response.WriteAsync("<html><body><h1>Bad Gateway</h1></body></html>", context.RequestAborted);
        return true;
    }

    /// <summary>More than 64 MB of JSON without a length in front.</summary>
    private static async Task<bool> HugeAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        var piece = Encoding.ASCII.GetBytes($"\"{new string('x', 64 * 1024)}\",");
        await context.Response.WriteAsync("[", context.RequestAborted);
        for (var i = 0; i < 1024 && !context.RequestAborted.IsCancellationRequested; i++)
        {
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        }
        return true;
    }
}
