using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SalesBrain.Data.Identity;
using SalesBrain.Data.Security;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks;
using SalesBrain.Functions.Http;
using SalesBrain.Functions.Webhooks;
using SalesBrain.Functions.Webhooks.Logs;
using SalesBrain.Functions.Webhooks.Receiving;

namespace SalesBrain.Functions.Composition;

/// <summary>The one registration of services, called by both hosts.</summary>
public static class ServiceRegistration
{
    /// <summary>Reads and checks every setting, then registers all services. Throws <see cref="SettingsException"/>.</summary>
    public static IServiceCollection AddSalesBrain(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = new SettingsReader(configuration);
        var database = new DatabaseOptions
        {
            TenantConnectionString = settings.Connection("ConnectionStrings__SalesBrainTenant", "the connection string of login salesbrain_tenant"),
            PlatformConnectionString = settings.Connection("ConnectionStrings__SalesBrainPlatform", "the connection string of login salesbrain_platform"),
            CommandTimeoutSeconds = settings.Number("Database__CommandTimeoutSeconds", "time limit of one statement", 30, 1, 230),
        };
        var network = new NetworkOptions
        {
            TrustedProxies = settings.Number("Network__TrustedProxies", "proxies whose X-Forwarded-For entry is believed", 0, 0, 10),
        };
        var webhooks = WebhookOptions.Read(settings);
        var tokens = settings.Section<AccessTokenOptions>("Jwt", options => options.Problems());
        var dataKeys = settings.Section<DataKeys>("DataKeys", options => options.Problems());
        settings.ThrowIfAnyProblem();

        // The server logs the URL of every request, and receiving URLs have a token in them.
        services.Configure<LoggerFilterOptions>(filters => filters.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning));

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(database);
        services.AddSingleton(Options.Create(network));
        services.AddSingleton(Options.Create(webhooks));
        services.AddSingleton<SalesBrainDatabase>();
        services.AddSingleton<IAccessTokens>(new AccessTokens(tokens));
        services.AddSingleton<Passwords>();
        services.AddSingleton(new SecretBox(dataKeys));
        services.AddSingleton<FrontDoor>();

        services.AddSingleton<WebhookSignal>();
        services.AddSingleton<WebhookIngest>();
        services.AddSingleton<WebhookProcessor>();
        services.AddSingleton<WebhookEndpointCache>();
        services.AddSingleton<WebhookIntake>();
        services.AddSingleton<WebhookReceiver>();
        services.AddSingleton<WebhookRetries>();
        services.AddHostedService<WebhookProcessingService>();
        return services;
    }
}
