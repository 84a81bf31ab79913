using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;

namespace SalesBrain.Integrations.Whatsapp;

/// <summary>The HTTP client for the Graph API.</summary>
public static class WhatsappRegistration
{
    /// <summary>The client's name.</summary>
    internal const string Client = "whatsapp";

    /// <summary>A number sends up to 1000 messages a second, and a call takes a part of a second.</summary>
    private const int MaxConnections = 256;

    /// <summary>Whether a request may be sent twice.</summary>
    internal static readonly HttpRequestOptionsKey<bool> IsRepeatable = new("SalesBrain.IsRepeatable");

    public static IServiceCollection AddWhatsapp(this IServiceCollection services, WhatsappOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<GraphRequests>();
        services.AddSingleton<IWhatsappApi, GraphClient>();
        services.AddHttpClient(Client)
            // The loggers would write headers and URLs, which hold tokens and the app's secret.
            .RemoveAllLoggers()
            .ConfigureHttpClient(client =>
            {
                client.MaxResponseContentBufferSize = 10 * 1024 * 1024;
                // The client has its own limit, by the app's clock.
                client.Timeout = Timeout.InfiniteTimeSpan;
            })
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.AutomaticDecompression = DecompressionMethods.All;
                handler.ConnectTimeout = TimeSpan.FromSeconds(5);
                handler.MaxConnectionsPerServer = MaxConnections;
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
                // Without a propagator the handler makes no spans and no diagnostic events. They would have the URL, and the URL of the
                // code's exchange holds the app's secret.
                handler.ActivityHeadersPropagator = null;
            })
            .AddResilienceHandler(Client, pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = 1,
                // At once: usually a pooled connection was closed meanwhile.
                Delay = TimeSpan.Zero,
                ShouldRetryAfterHeader = false,
                ShouldHandle = ShouldRetry,
            }));
        return services;
    }

    private static ValueTask<bool> ShouldRetry(RetryPredicateArguments<HttpResponseMessage> attempt) =>
        ValueTask.FromResult(
            attempt.Context.GetRequestMessage() is { } request && request.Options.TryGetValue(IsRepeatable, out var repeatable) && repeatable
            && attempt.Outcome is { Exception: HttpRequestException } or { Result.StatusCode: >= HttpStatusCode.InternalServerError });
}
