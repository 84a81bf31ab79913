using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Conformance.Requests;

/// <summary>Requests for the functions that anyone may call, and for those about the caller.</summary>
internal static class OpenExamples
{
    internal static IReadOnlyDictionary<string, Func<TestApp, Task<Example>>> All { get; } = new Dictionary<string, Func<TestApp, Task<Example>>>
    {
        ["GetDocs"] = _ => Read("GetDocs", "/api/docs"),
        ["GetDocsAsset"] = _ => Read("GetDocsAsset", "/api/docs/page.js"),
        ["GetOpenApi"] = _ => Read("GetOpenApi", "/api/openapi.json"),
        ["GetLiveness"] = _ => Read("GetLiveness", "/api/health/live"),
        ["GetReadiness"] = _ => Read("GetReadiness", "/api/health/ready"),

        ["StreamEvents"] = async app =>
        {
            var user = await UserAsync(app);
            return new Example(new ConformanceRequest("StreamEvents", HttpMethod.Get, "/api/v1/events?wait=0&channels=new_notification").As(
                user.Role, app.TokenOf(user)));
        },

        ["Login"] = async app => Post("Login", "login", new { email = (await UserAsync(app)).Email, password = AuthWorld.Password }),
        ["RefreshAccessToken"] = async app =>
            Post("RefreshAccessToken", "refresh", new { refresh_token = (await app.SignInAsync(await UserAsync(app))).RefreshToken }),
        ["Logout"] = async app =>
            Post("Logout", "logout", new { refresh_token = (await app.SignInAsync(await UserAsync(app))).RefreshToken }),
        ["RequestPasswordReset"] = _ =>
            Task.FromResult(Post("RequestPasswordReset", "password-reset", new { email = "nobody@test.example" })),
        ["ConfirmPasswordReset"] = async app => Post("ConfirmPasswordReset", "password-reset/confirm", new
        {
            token = await app.RequestResetAsync(await UserAsync(app)),
            new_password = "another long password",
        }),
        ["ConfirmEmailChange"] = async app => Post("ConfirmEmailChange", "email-change/confirm", new
        {
            token = await app.RequestEmailChangeAsync(await UserAsync(app), $"new.{Guid.NewGuid():N}@test.example"),
        }),
        ["ChangePassword"] = async app =>
        {
            var user = await UserAsync(app);
            return new Example(new ConformanceRequest("ChangePassword", HttpMethod.Put, $"{AuthWorld.Auth}/password")
                .As(user.Role, app.TokenOf(user))
                .WithBody(new { current_password = AuthWorld.Password, new_password = "another long password" }));
        },

        ["StartAgentSignIn"] = _ => Read("StartAgentSignIn", $"{AgentWorld.Auth}/login?region=eu-central-1"),
        ["CompleteAgentSignIn"] = _ => Read("CompleteAgentSignIn", $"{AgentWorld.Auth}/callback?code=code&state=state"),
        ["ExchangeAgentSignInCode"] = async app =>
        {
            var code = await app.CreateSignInCodeAsync(await app.CreateUserAsync("agent"));
            return new Example(
                new ConformanceRequest("ExchangeAgentSignInCode", HttpMethod.Post, $"{AgentWorld.Auth}/token").WithBody(new { code }),
                code);
        },
        ["RefreshAgentToken"] = async app => new Example(
            new ConformanceRequest("RefreshAgentToken", HttpMethod.Post, $"{AgentWorld.Auth}/refresh")
                .WithBody(new { refresh_token = (await app.SignInAsync(await UserAsync(app))).RefreshToken })),
        ["SignOutAgent"] = async app => new Example(
            new ConformanceRequest("SignOutAgent", HttpMethod.Post, $"{AgentWorld.Auth}/logout")
                .WithBody(new { refresh_token = (await app.SignInAsync(await UserAsync(app))).RefreshToken })),
        ["SignOutAgentEverywhere"] = async app => new Example(
            new ConformanceRequest("SignOutAgentEverywhere", HttpMethod.Post, $"{AgentWorld.Auth}/logout-all")
                .WithBody(new { refresh_token = (await app.SignInAsync(await UserAsync(app))).RefreshToken })),
        ["GetTenantByGenesysOrg"] = async app =>
        {
            var id = Guid.NewGuid().ToString();
            await app.MapToGenesysAsync(await app.CreateOrganizationAsync(), id);
            var operatorUser = await app.CreateUserAsync("sb_operator");
            return new Example(
                new ConformanceRequest("GetTenantByGenesysOrg", HttpMethod.Get, $"{TenantWorld.ByGenesysOrg}/{id}")
                    .As(operatorUser.Role, app.TokenOf(operatorUser)),
                id);
        },

        // Platform administrators have no conversations.
        ["ClaimConversation"] = async app =>
        {
            var owner = await app.CreateUserAsync("owner");
            var id = await app.CreateConversationAsync(owner.OrganizationId!.Value);
            return new Example(
                new ConformanceRequest("ClaimConversation", HttpMethod.Post, $"{ConversationWorld.Path}/{id}/claim")
                    .As(owner.Role, app.TokenOf(owner)),
                id.ToString());
        },

        ["ReadNotification"] = async app =>
        {
            var user = await UserAsync(app);
            var id = await app.CreateNotificationAsync(user);
            return new Example(
                new ConformanceRequest("ReadNotification", HttpMethod.Post, $"{NotificationWorld.Notifications}/{id}/read")
                    .As(user.Role, app.TokenOf(user)),
                id.ToString());
        },

        ["ReceiveWebhook"] = async app =>
        {
            var endpoint = await EndpointAsync(app);
            return new Example(Delivery("ReceiveWebhook", $"/api/webhooks/{endpoint.Source}/{endpoint.Token}"), endpoint.Token);
        },
        ["ReceiveWebhookByHeader"] = async app =>
        {
            var endpoint = await EndpointAsync(app);
            var request = Delivery("ReceiveWebhookByHeader", $"/api/webhooks/{endpoint.Source}");
            return new Example(request with { Headers = [("X-Webhook-Token", endpoint.Token)] });
        },

        // Without an event: the second host would receive a duplicate.
        ["ReceiveFromWhatsapp"] = _ => Task.FromResult(new Example(
            new ConformanceRequest("ReceiveFromWhatsapp", HttpMethod.Post, WhatsappDeliveries.Path).WithText("""{"object":"whatsapp_business_account","entry":[]}""") with
            {
                Headers = [("X-Hub-Signature-256", "sha256=c84a394cc475525991e78ff16e430b02e47f953877d2af0ade26956ce6f384dc")],
            })),
        ["VerifyWhatsappWebhook"] = _ => Read(
            "VerifyWhatsappWebhook",
            WhatsappDeliveries.Path + "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=a-verify-token"),

        ["OpenOnboardingLink"] = async app => Visit("OpenOnboardingLink", HttpMethod.Get, await app.CreateOnboardingLinkAsync()),
        ["UpdateOnboardingProgress"] = async app => Visit(
            "UpdateOnboardingProgress", HttpMethod.Put, await app.CreateOnboardingLinkAsync(), "/progress",
            new { current_step = 1, progress_percentage = 20 }),
        ["CompleteOnboarding"] = async app =>
            Visit("CompleteOnboarding", HttpMethod.Post, await app.CreateOnboardingLinkAsync(), "/complete"),
    };

    private static Task<Example> Read(string function, string path) =>
        Task.FromResult(new Example(new ConformanceRequest(function, HttpMethod.Get, path)));

    private static Example Post(string function, string path, object body) =>
        new(new ConformanceRequest(function, HttpMethod.Post, $"{AuthWorld.Auth}/{path}").WithBody(body));

    private static Example Visit(string function, HttpMethod method, TestLink link, string suffix = "", object? body = null)
    {
        var request = new ConformanceRequest(function, method, link.Visit + suffix);
        return new Example(body is null ? request : request.WithBody(body), link.Token);
    }

    private static ConformanceRequest Delivery(string function, string path) =>
        new ConformanceRequest(function, HttpMethod.Post, path).WithBody(new
        {
            event_type = "email.opened",
            timestamp = "2026-01-15T09:30:00Z",
            email = "somebody@example.org",
            campaign_id = ConformanceRequest.Unique,
        });

    private static Task<TestUser> UserAsync(TestApp app) => app.CreateUserAsync("member", password: AuthWorld.Password);

    private static async Task<TestEndpoint> EndpointAsync(TestApp app) =>
        await app.CreateEndpointAsync(await app.CreateOrganizationAsync());
}
