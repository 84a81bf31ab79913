using SalesBrain.Core.Access;
using SalesBrain.Core.Security;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Agents;
using SalesBrain.Functions.Auth;
using SalesBrain.Functions.Configuration;
using SalesBrain.Functions.Imports;
using SalesBrain.Functions.Live;
using SalesBrain.Functions.Mail;
using SalesBrain.Functions.Onboarding;
using SalesBrain.Functions.Telemetry;
using SalesBrain.Functions.Tenants;
using SalesBrain.Functions.Webhooks;
using SalesBrain.Functions.Whatsapp;
using SalesBrain.Integrations;
using SalesBrain.Integrations.Files;
using SalesBrain.Integrations.Whatsapp;

namespace SalesBrain.Functions.Composition;

/// <summary>All settings of the app. A test compares docs/configuration.md and the sample file with them.</summary>
internal sealed record AppSettings(
    DatabaseOptions Database, NetworkOptions Network, WebhookOptions Webhooks, OnboardingOptions Onboarding, AccessTokenOptions Tokens,
    DataKeys DataKeys, PortalOptions Portal, MailOptions Mail, ResponseOptions Responses, ImportOptions Imports, TelemetryOptions Telemetry,
    SourceOptions Sources, FileStoreOptions Files, TenantOptions Tenants, LiveOptions Live, AgentPortalOptions Agents,
    WhatsappOptions Whatsapp)
{
    /// <summary>Problems are collected in <paramref name="settings"/>.</summary>
    internal static AppSettings Read(SettingsReader settings)
    {
        var portal = PortalOptions.Read(settings);
        return new(
            DatabaseSettings.Read(settings),
            new NetworkOptions
            {
                TrustedProxies = settings.Number("Network__TrustedProxies", "the number of trusted proxies in front of the app", 0, 0, 10),
            },
            WebhookOptions.Read(settings),
            OnboardingOptions.Read(settings),
            settings.Section<AccessTokenOptions>("Jwt", options => options.Problems()),
            settings.Section<DataKeys>("DataKeys", options => options.Problems()),
            portal,
            MailOptions.Read(settings),
            new ResponseOptions
            {
                MinBytesPerSecond = settings.Number(
                    "Responses__MinBytesPerSecond", "the slowest rate in bytes per second at which a client may read a response", 4096, 1,
                    1_000_000),
                ExportMaxRows = settings.Number(
                    "Responses__ExportMaxRows", "the maximum number of rows in an export of leads", 100_000, 1, 10_000_000),
                ExportsPerOrganization = settings.Number(
                    "Responses__ExportsPerOrganization", "the maximum number of exports at a time of one organization, on an instance", 3,
                    1, 1000),
                ExportsPerInstance = settings.Number(
                    "Responses__ExportsPerInstance", "the maximum number of exports at a time on an instance", 20, 1, 1000),
            },
            ImportOptions.Read(settings),
            TelemetryOptions.Read(settings),
            SourceSettings.ReadSources(settings),
            SourceSettings.ReadFiles(settings),
            TenantOptions.Read(settings),
            new LiveOptions
            {
                StreamsPerInstance = settings.Number(
                    "Live__StreamsPerInstance", "the maximum number of streams of live updates on an instance", 2000, 1, 100_000),
            },
            AgentPortalOptions.Read(settings, portal),
            WhatsappSettings.Read(settings));
    }
}
