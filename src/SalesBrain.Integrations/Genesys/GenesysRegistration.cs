using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace SalesBrain.Integrations.Genesys;

/// <summary>The HTTP client for Genesys.</summary>
public static class GenesysRegistration
{
    /// <summary>The client's name.</summary>
    internal const string Client = "genesys";

    /// <summary>Whether a request may be sent twice. A code may be exchanged once.</summary>
    internal static readonly HttpRequestOptionsKey<bool> IsRepeatable = new("SalesBrain.IsRepeatable");

    public static IServiceCollection AddGenesys(this IServiceCollection services, GenesysOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<GenesysClient>();
        services.AddHttpClient(Client)
            // The loggers would write headers, and headers hold the secret and tokens.
            .RemoveAllLoggers()
            .ConfigureHttpClient(GenesysClient.Configure)
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                handler.AutomaticDecompression = DecompressionMethods.All;
                handler.ConnectTimeout = TimeSpan.FromSeconds(5);
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
                handler.ActivityHeadersPropagator = null;
            })
            .AddResilienceHandler(Client, pipeline => pipeline
                .AddRetry(new HttpRetryStrategyOptions
                {
                    MaxRetryAttempts = 1,
                    Delay = TimeSpan.FromMilliseconds(200),
                    ShouldRetryAfterHeader = false,
                    ShouldHandle = ShouldRetry,
                })
                .AddTimeout(TimeSpan.FromSeconds(10)));
        return services;
    }

    private static ValueTask<bool> ShouldRetry(RetryPredicateArguments<HttpResponseMessage> attempt) =>
        ValueTask.FromResult(
            attempt.Context.GetRequestMessage() is { } request && request.Options.TryGetValue(IsRepeatable, out var repeatable) && repeatable
            && attempt.Outcome is { Exception: HttpRequestException or TimeoutRejectedException } or { Result.StatusCode: >= HttpStatusCode.InternalServerError });
}
