using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Access;

/// <summary>
/// How each endpoint is called about a thing in a place. The things are made here; an endpoint that concerns no thing ignores the place.
/// Areas with many endpoints have a class of their own.
/// </summary>
internal static class EndpointTrials
{
    private const string Onboarding = OnboardingWorld.Root;

    private static readonly Dictionary<string, Func<TestApp, Place, Task<Trial>>> Others = new()
    {
        // Everybody may change their own, but not to one so short.
        ["ChangePassword"] = (_, _) =>
            Task.FromResult(new Trial(HttpMethod.Put, "/api/v1/auth/password", new { current_password = "x", new_password = "x" })),
        ["GetMe"] = (_, _) => Task.FromResult(Trial.Get("/api/v1/auth/me")),
        ["GetAgentProfile"] = (_, _) => Task.FromResult(Trial.Get(AgentWorld.Profile)),

        ["GetDashboardStats"] = (_, _) => Task.FromResult(Trial.Get("/api/admin/dashboard/stats")),
        ["GetRecentActivity"] = async (app, place) =>
            Trial.List(
                $"/api/admin/dashboard/recent-activity?organization_id={place.OrganizationId}",
                await app.CreateWebhookLogAsync(place.OrganizationId)),

        ["ListNotifications"] = (_, _) => Task.FromResult(Trial.Get(NotificationWorld.Notifications)),
        ["CountUnreadNotifications"] = (_, _) => Task.FromResult(Trial.Get($"{NotificationWorld.Notifications}/unread-count")),
        // Somebody else's: everybody reads their own.
        ["ReadNotification"] = async (app, place) => Trial.About(
            HttpMethod.Post, NotificationWorld.Notifications,
            await app.CreateNotificationAsync(await app.CreateUserAsync("member", place.OrganizationId)), "/read"),
        ["ReadAllNotifications"] = (_, _) => Task.FromResult(new Trial(HttpMethod.Post, $"{NotificationWorld.Notifications}/read-all")),
        ["CreateStreamTicket"] = (_, _) =>
            Task.FromResult(new Trial(HttpMethod.Post, "/api/v1/events/ticket", new { channels = new[] { "lead_change" } })),

        ["ListAuditLog"] = async (app, place) => Trial.List($"/api/v1/audit-log?organization_id={place.OrganizationId}", await app.QuerySingleAsync<Guid>(
            "insert into app.audit_log (organization_id, action, entity) values (@OrganizationId, 'thing.changed', 'thing') returning id",
            new { place.OrganizationId })),

        ["CreateOnboardingLink"] = (_, place) =>
            Task.FromResult(new Trial(HttpMethod.Post, $"{Onboarding}/create-link", new { organization_id = place.OrganizationId })),
        ["ListOnboardingLinks"] = async (app, place) =>
            Trial.List($"{Onboarding}/links?organization_id={place.OrganizationId}", await LinkAsync(app, place)),
        ["GetOnboardingLink"] = async (app, place) => Trial.Get($"{Onboarding}/link", await LinkAsync(app, place)),
        ["RevokeOnboardingLink"] = async (app, place) =>
            Trial.About(HttpMethod.Post, $"{Onboarding}/link", await LinkAsync(app, place), "/revoke"),
        ["ExtendOnboardingLink"] = async (app, place) =>
            Trial.About(HttpMethod.Post, $"{Onboarding}/link", await LinkAsync(app, place), "/extend"),
    };

    /// <summary>The calls by the name of their function, which has one.</summary>
    internal static Dictionary<string, Func<TestApp, Place, Task<Trial>>> All { get; } = new[]
    {
        WebhookTrials.All, AssignmentTrials.All, OrganizationTrials.All, CrmTrials.All, ImportTrials.All, ConversationTrials.All, Others,
    }.SelectMany(trials => trials).ToDictionary(trial => trial.Key, trial => trial.Value, StringComparer.Ordinal);

    private static async Task<Guid> LinkAsync(TestApp app, Place place) =>
        (await app.CreateOnboardingLinkAsync(await app.CreateUserAsync("sb_admin"), organizationId: place.OrganizationId)).Id;
}
