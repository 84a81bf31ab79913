using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Functions.Composition;
using SalesBrain.Functions.Configuration;
using SalesBrain.Functions.Http;
using SalesBrain.LocalHost.Sandbox.Genesys;
using SalesBrain.LocalHost.Sandbox.Whatsapp;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Hosting;

/// <summary>
/// Hosts the functions on Kestrel, for the local host and the tests. Timers can be triggered manually;
/// <see cref="TimerHosting.AddTimerSchedules"/> runs them on schedule.
/// </summary>
public static class HostBuilding
{
    /// <summary>What the worker's own server allows (30 MB); endpoints set lower limits themselves.</summary>
    private const long MaxRequestBodySize = 30_000_000;

    /// <summary>Throws <see cref="SettingsException"/> or <see cref="StartupException"/> where the host could not work.</summary>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = RequestHeaderEncoding.Select;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBodySize;
        });
        builder.Services.AddSalesBrain(builder.Configuration);
        var catalog = FunctionCatalog.Load();
        builder.Services.AddTimers(catalog);
        // The slim builder leaves it out; the Functions host has it.
        builder.Services.Configure<RouteOptions>(routes => routes.SetParameterPolicy<RegexInlineRouteConstraint>("regex"));

        var origins = builder.Configuration["Cors:AllowedOrigins"]
            ?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ?? [];
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(origins).AllowAnyHeader().AllowAnyMethod()
            .WithExposedHeaders("ETag", "Location", "Retry-After", "Content-Disposition")));

        var app = builder.Build();
        if (origins.Length > 0)
        {
            app.UseCors();
        }
        app.MapTimers();
        // In Development only: the local host registers it.
        app.Services.GetService<GenesysSandbox>()?.Map(app);
        app.Services.GetService<WhatsappSandbox>()?.Map(app);
        app.MapFunctions(catalog);
        return app;
    }
}
