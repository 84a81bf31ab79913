using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace SalesBrain.Integrations.Outbound;

/// <summary>The HTTP client of all sources.</summary>
internal static class OutboundPipeline
{
    /// <summary>The client's name.</summary>
    internal const string Client = "sources";

    /// <summary>Whether sending a request twice costs nothing.</summary>
    internal static readonly HttpRequestOptionsKey<bool> IsFree = new("SalesBrain.IsFree");

    internal static IServiceCollection AddOutbound(this IServiceCollection services)
    {
        services.AddHttpClient(Client)
            // The loggers would write URLs, and a URL may hold a key.
            .RemoveAllLoggers()
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler((handler, provider) =>
            {
                handler.ConnectCallback = provider.GetRequiredService<PinnedConnections>().ConnectAsync;
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
                // A proxy would resolve the name itself.
                handler.UseProxy = false;
                handler.AutomaticDecompression = DecompressionMethods.All;
                handler.ConnectTimeout = TimeSpan.FromSeconds(10);
                handler.MaxResponseHeadersLength = 32;
                handler.MaxResponseDrainSize = 64 * 1024;
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
                handler.ActivityHeadersPropagator = null;
            })
            .AddResilienceHandler(Client, (pipeline, context) =>
            {
                var limits = context.ServiceProvider.GetRequiredService<OutboundLimits>();
                if (limits.Retries > 0)
                {
                    pipeline.AddRetry(new HttpRetryStrategyOptions
                    {
                        MaxRetryAttempts = limits.Retries,
                        Delay = limits.RetryDelay,
                        BackoffType = DelayBackoffType.Exponential,
                        UseJitter = true,
                        ShouldRetryAfterHeader = false,
                        ShouldHandle = ShouldRetry,
                    });
                }
                pipeline.AddTimeout(limits.Attempt);
            });
        return services;
    }

    /// <summary>
    /// A free request is repeated after a 5xx, a broken connection or a timeout. A 429 is not: the job waits as long as the vendor asks.
    /// </summary>
    private static ValueTask<bool> ShouldRetry(RetryPredicateArguments<HttpResponseMessage> attempt)
    {
        var isFree = attempt.Context.GetRequestMessage() is { } request && request.Options.TryGetValue(IsFree, out var free) && free;
        var failed = attempt.Outcome switch
        {
            { Exception: HttpRequestException { InnerException: not BlockedAddressException } } => true,
            { Exception: TimeoutRejectedException } => true,
            { Result.StatusCode: HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout } => true,
            _ => false,
        };
        return ValueTask.FromResult(isFree && failed);
    }
}
