using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SalesBrain.Core.Auth;
using SalesBrain.Core.Security;
using SalesBrain.Data.Migrations;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Mail;
using SalesBrain.Functions.Webhooks.Receiving;
using SalesBrain.LocalHost.Demo;
using SalesBrain.LocalHost.Development;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.LocalHost.Sandbox;
using SalesBrain.LocalHost.Sandbox.Genesys;
using SalesBrain.LocalHost.Sandbox.Whatsapp;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Commands;

/// <summary>
/// Runs the app until Ctrl-C or SIGTERM. Without connection strings it starts its own database with demo data. With
/// <c>ConnectionStrings__SalesBrain*</c> it uses that database, and migrates it if the owner's connection string is set.
/// </summary>
internal static class RunCommand
{
    /// <summary>How long the vendors' stand-ins take, so that a job can be watched.</summary>
    private static readonly TimeSpan SandboxLatency = TimeSpan.FromMilliseconds(150);

    internal static async Task<int> ExecuteAsync(string[] args, CancellationToken stop)
    {
        if (!TryRead(args, out var urls, out var demo))
        {
            return Usage.Print();
        }
        var builder = CreateBuilder(urls);
        var address = ListenAddress.Of(builder.Configuration["urls"]!);
        builder.Configuration["urls"] = address.Urls;
        var development = builder.Environment.IsDevelopment();
        if (demo && !development)
        {
            throw new StartupException("--demo creates accounts with a publicly known password, so it is allowed only in Development.");
        }

        var secrets = development ? await DevelopmentSecrets.LoadOrCreateAsync(RepositoryFolder.Local, DemoData.Slugs, stop) : null;
        AddDefaults(builder.Configuration, [.. secrets?.AsSettings() ?? [], .. development ? [.. LocalDefaults.Development, .. LocalDefaults.Sandbox(address.Local)] : Array.Empty<KeyValuePair<string, string?>>(), new("Webhooks:PublicBaseUrl", address.Local.AbsoluteUri)]);
        if (development)
        {
            AddDefaults(
                builder.Configuration, [new("Genesys:SandboxUrl", address.Local.GetLeftPart(UriPartial.Authority) + GenesysSandbox.Path)]);
            builder.Services.AddSingleton(new GenesysSandbox(TimeProvider.System));
            AddDefaults(builder.Configuration, WhatsappSandbox.SettingsFor(address.Local));
            var whatsapp = new WhatsappSandbox(TimeProvider.System)
            {
                Pusher = new WhatsappPusher(new Uri(address.Local, "api/webhooks/whatsapp"), WhatsappSandbox.AppSecret),
            };
            whatsapp.Add(WhatsappSandbox.CreateDemoAccount());
            builder.Services.AddSingleton(whatsapp);
        }
        await using var own = IsDatabaseGiven(builder.Configuration) ? null : await StartDatabaseAsync(secrets, stop);
        if (own is not null)
        {
            builder.Configuration["ConnectionStrings:SalesBrainTenant"] = own.Connections.Tenant;
            builder.Configuration["ConnectionStrings:SalesBrainPlatform"] = own.Connections.Platform;
        }

        builder.Services.AddTimerSchedules();
        await using var app = HostBuilding.Build(builder);
        if (development)
        {
            SandboxServer.Map(app, SandboxLatency, TimeProvider.System);
        }
        var database = app.Services.GetRequiredService<SalesBrainDatabase>();
        await (own is null ? MigrateGivenAsync(builder.Configuration["ConnectionStrings:SalesBrainOwner"], database, stop) : PrepareAsync(own, database, stop));
        string? onboardingToken = null;
        var shown = secrets is not null && (demo || own is not null) ? secrets : null;
        if (shown is not null)
        {
            var (box, now) = (app.Services.GetRequiredService<SecretBox>(), TimeProvider.System.GetUtcNow().UtcDateTime);
            var filling = new DemoFilling(
                database, app.Services.GetRequiredService<Passwords>(), box, app.Services.GetRequiredService<WebhookStorage>());
            await filling.FillAsync(shown.DemoWebhookTokens, now, stop);
            await using (var session = await database.WritePlatformAsync(stop))
            {
                await DemoSources.EnsureAsync(session, box, DemoData.Slugs[0], address.Local, now, stop);
                await DemoWhatsapp.EnsureAsync(session, box, DemoData.Slugs[0], now, stop);
                await session.CommitAsync();
            }
            onboardingToken = await DemoLinks.FindTokenAsync(database.ReadPlatform(), box, DemoData.Slugs[0], now, stop);
        }

        await app.StartAsync(stop);
        Greeting.Print(
            address.Local, own?.Connections, MailFolder(app.Services), shown?.DemoWebhookTokens, onboardingToken,
            DateTime.Now - Process.GetCurrentProcess().StartTime);
        await app.WaitForShutdownAsync(stop);
        return 0;
    }

    private static string? MailFolder(IServiceProvider services)
    {
        var mail = services.GetRequiredService<IOptions<MailOptions>>().Value;
        return mail.Transport == MailOptions.ToFolder ? Path.GetRelativePath(Environment.CurrentDirectory, mail.Folder) : null;
    }

    private static bool TryRead(string[] args, out string? urls, out bool demo)
    {
        (urls, demo) = (null, false);
        while (args is [var option, .. var rest])
        {
            switch (option)
            {
                case "--demo":
                    (demo, args) = (true, rest);
                    break;
                case "--urls" when rest is [var value, ..]:
                    (urls, args) = (value, rest[1..]);
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    private static WebApplicationBuilder CreateBuilder(string? urls)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Otherwise every folder below is watched, and each write of the database in .local raises an event.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
            ContentRootPath = RepositoryFolder.Find(),
            // This host is for developers, so the default environment is Development.
            EnvironmentName = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environments.Development,
        });
        AddDefaults(builder.Configuration, [.. LocalDefaults.Settings, .. LocalDefaults.Schedules]);
        if (urls is not null)
        {
            builder.Configuration["urls"] = urls;
        }
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
        return builder;
    }

    private static void AddDefaults(ConfigurationManager configuration, IEnumerable<KeyValuePair<string, string?>> defaults) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = defaults });

    private static bool IsDatabaseGiven(ConfigurationManager configuration) =>
        configuration.GetSection("ConnectionStrings").GetChildren()
            .Any(connection => connection.Key.StartsWith("SalesBrain", StringComparison.OrdinalIgnoreCase));

    private static async Task<DevelopmentDatabase> StartDatabaseAsync(DevelopmentSecrets? secrets, CancellationToken stop) =>
        secrets is null
            ? throw new StartupException(
                "Outside Development a database is required: set ConnectionStrings__SalesBrainTenant and "
                + "ConnectionStrings__SalesBrainPlatform. To migrate it at start, also set ConnectionStrings__SalesBrainOwner.")
            : await DevelopmentDatabase.StartAsync(secrets.RolePasswords, Console.WriteLine, stop);

    private static async Task PrepareAsync(DevelopmentDatabase own, SalesBrainDatabase database, CancellationToken stop)
    {
        if (!await IsReadyAsync(database, stop))
        {
            await own.PrepareAsync(stop);
        }
    }

    private static async Task MigrateGivenAsync(string? owner, SalesBrainDatabase database, CancellationToken stop)
    {
        if (owner is not null && !await IsReadyAsync(database, stop))
        {
            await DatabaseErrors.InOneLineAsync(
                "ConnectionStrings__SalesBrainOwner", () => Migrator.MigrateAsync(owner, TimeProvider.System, stop));
        }
        if (!await DatabaseErrors.InOneLineAsync("ConnectionStrings__SalesBrainPlatform", () => SchemaLevel.IsExactAsync(database.ReadPlatform(), stop)))
        {
            throw new StartupException(
                "The database does not have the migrations of this build: set ConnectionStrings__SalesBrainOwner to migrate it at start, "
                + "or run the migrate command.");
        }
    }

    /// <summary>Checks in one round trip whether there is anything to migrate. Usually there is not.</summary>
    private static async Task<bool> IsReadyAsync(SalesBrainDatabase database, CancellationToken stop)
    {
        try
        {
            return await SchemaLevel.IsExactAsync(database.ReadPlatform(), stop);
        }
        catch (NpgsqlException)
        {
            // The database, login or table does not exist yet, or the password differs. Any other error is reported when preparing it.
            return false;
        }
    }
}
