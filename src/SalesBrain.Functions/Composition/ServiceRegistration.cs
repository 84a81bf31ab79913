using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Access;
using SalesBrain.Core.Agents;
using SalesBrain.Core.Assignments;
using SalesBrain.Core.Auth;
using SalesBrain.Core.Imports;
using SalesBrain.Core.Security;
using SalesBrain.Core.Telemetry;
using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Core.Whatsapp;
using SalesBrain.Data.Assignments;
using SalesBrain.Data.Security;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Processing;
using SalesBrain.Data.Webhooks.Receiving;
using SalesBrain.Data.Webhooks.Rejections;
using SalesBrain.Functions.Agents;
using SalesBrain.Functions.Analytics;
using SalesBrain.Functions.Assignments;
using SalesBrain.Functions.Auth;
using SalesBrain.Functions.Configuration;
using SalesBrain.Functions.Conversations;
using SalesBrain.Functions.Crm;
using SalesBrain.Functions.Http.Exports;
using SalesBrain.Functions.Imports.Files;
using SalesBrain.Functions.Imports.Jobs;
using SalesBrain.Functions.Imports.Running;
using SalesBrain.Functions.Imports.Sources;
using SalesBrain.Functions.Live;
using SalesBrain.Functions.Mail;
using SalesBrain.Functions.Onboarding.Links;
using SalesBrain.Functions.Onboarding.Visits;
using SalesBrain.Functions.Telemetry;
using SalesBrain.Functions.Tenants;
using SalesBrain.Functions.Timers;
using SalesBrain.Functions.Webhooks.Processing;
using SalesBrain.Functions.Webhooks.Receiving;
using SalesBrain.Functions.Whatsapp.Account;
using SalesBrain.Functions.Whatsapp.Receiving;
using SalesBrain.Functions.Whatsapp.Sending;
using SalesBrain.Integrations.Composition;
using SalesBrain.Integrations.Genesys;
using SalesBrain.Integrations.Whatsapp;

namespace SalesBrain.Functions.Composition;

/// <summary>The one registration of services, called by both hosts.</summary>
public static class ServiceRegistration
{
    /// <summary>Reads and checks every setting, then registers all services. Throws <see cref="SettingsException"/>.</summary>
    public static IServiceCollection AddSalesBrain(this IServiceCollection services, IConfiguration configuration) =>
        Register(services, new SettingsReader(configuration));

    /// <summary>
    /// As <see cref="AddSalesBrain"/>, under the Azure Functions host: also checks the timers' schedules. The host reads them itself, and
    /// disables a timer whose schedule it cannot read, without an error.
    /// </summary>
    public static IServiceCollection AddSalesBrainWithTimers(this IServiceCollection services, IConfiguration configuration)
    {
        var reader = new SettingsReader(configuration);
        Schedules.Check(reader);
        return Register(services, reader);
    }

    private static IServiceCollection Register(IServiceCollection services, SettingsReader reader)
    {
        var settings = AppSettings.Read(reader);
        reader.ThrowIfAnyProblem();

        services.Configure<LoggerFilterOptions>(filters => filters.HideUrls());

        services.AddMetrics();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<TimerMetrics>();
        services.AddSingleton<SignInMetrics>();
        services.AddSingleton<SendingMetrics>();
        services.AddTelemetryExport(settings.Telemetry);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings.Database);
        services.AddSingleton(Options.Create(settings.Network));
        services.AddSingleton(Options.Create(settings.Webhooks));
        services.AddSingleton(Options.Create(settings.Onboarding));
        services.AddSingleton(Options.Create(settings.Responses));
        services.AddSingleton(Options.Create(settings.Tenants));
        services.AddSingleton<SalesBrainDatabase>();
        services.AddSingleton<IAccessTokens>(new AccessTokens(settings.Tokens));
        services.TryAddSingleton<Passwords>();
        services.AddSingleton(new SecretBox(settings.DataKeys));
        services.AddSingleton(new CursorCodes(settings.DataKeys));
        services.AddSingleton<AddressHashKeys>();
        services.AddSingleton<ReturningPerson>();
        services.AddSingleton<ExportLimits>();
        services.AddSingleton<TimeZoneNames>();
        services.AddSingleton<ReportPeriods>();
        services.AddSingleton<ReportCalls>();
        services.AddSingleton<SessionGuard>();
        services.AddSingleton<Attendance>();
        services.AddSingleton<RequestPipeline>();
        services.AddSingleton<TimerRuns>();
        services.AddSingleton<OnboardingLinkResults>();
        services.AddSingleton<LinkVisits>();

        services.AddIntegrations(settings.Sources, settings.Files);

        services.AddSingleton(Options.Create(settings.Portal));
        services.AddSingleton(Options.Create(settings.Mail));
        services.TryAddSingleton(
            typeof(IMailSender), settings.Mail.Transport == MailOptions.Smtp ? typeof(SmtpMailSender) : typeof(FolderMailSender));
        services.AddSingleton<MailDelivery>();
        services.AddSingleton<SetPasswordMails>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<EmailChangeMails>();
        services.AddSingleton<SignInCheck>();
        services.AddSingleton<TokenRefresh>();
        services.AddSingleton<SignOut>();
        services.AddSingleton<PasswordResets>();
        services.AddHostedService(provider => provider.GetRequiredService<PasswordResets>());

        services.AddSingleton(Options.Create(settings.Agents));
        services.AddGenesys(settings.Agents.Genesys);
        services.AddSingleton(new SignInStates(settings.DataKeys));
        services.AddSingleton<SignInBrowser>();
        services.AddSingleton<AgentAccounts>();
        services.AddSingleton<TenantMappings>();

        services.AddWhatsapp(settings.Whatsapp);
        services.AddSingleton<WhatsappTokens>();
        services.AddSingleton<WhatsappSignup>();
        services.AddSingleton<WhatsappTemplates>();

        services.AddSingleton<AssignmentSignal>();
        services.AddSingleton<AssignmentDrain>();
        services.AddHostedService<QueuedContactService>();

        services.TryAddSingleton(Options.Create(settings.Live));
        services.AddSingleton(new LiveCursorCodes(settings.DataKeys));
        services.AddSingleton<LiveFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());

        services.AddSingleton<SourceInput>();
        services.AddSingleton<FileUploads>();
        services.AddSingleton<ImportSignal>();
        services.AddSingleton<JobControl>();
        services.AddSingleton(Options.Create(settings.Imports));
        services.AddSingleton<ImportRunner>();
        services.AddHostedService<ImportService>();

        services.AddSingleton<MessageSignal>();
        services.AddSingleton<MessageSubmission>();
        services.AddSingleton<MessageDecisions>();
        services.AddSingleton<MessageSender>();
        services.AddHostedService<MessageSendingService>();
        services.AddSingleton<ReadReceipts>();
        services.AddHostedService(provider => provider.GetRequiredService<ReadReceipts>());

        services.AddSingleton<WebhookSignal>();
        services.AddSingleton<WebhookGroupCommit>();
        services.AddSingleton<WebhookProcessor>();
        services.AddSingleton<WebhookEndpointCache>();
        services.AddSingleton<RejectionRecorder>();
        services.AddSingleton<LargeBodyTurns>();
        services.AddSingleton<WebhookStorage>();
        services.AddSingleton<WebhookReceiver>();
        services.AddSingleton<WebhookRetries>();
        services.AddHostedService<WebhookProcessingService>();

        services.AddSingleton<WhatsappNumberCache>();
        services.AddSingleton<WhatsappReceiver>();
        return services;
    }
}
