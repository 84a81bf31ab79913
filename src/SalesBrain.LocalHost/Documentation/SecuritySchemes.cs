using Microsoft.OpenApi;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>How callers say who they are.</summary>
internal static class SecuritySchemes
{
    internal const string AccessToken = "access_token";
    internal const string WebhookToken = "webhook_token";

    internal static Dictionary<string, IOpenApiSecurityScheme> All => new()
    {
        [AccessToken] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The `access_token` of a sign-in (`POST /api/v1/auth/login`) or a refresh (`POST /api/v1/auth/refresh`).",
        },
        [WebhookToken] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "X-Webhook-Token",
            Description = "The token of a webhook endpoint. It can also be sent as `Authorization: Bearer` or as the "
                + "last segment of the path.",
        },
    };

    /// <summary>Whether it is a receiver of an endpoint's deliveries that finds the token in a header, not in its path.</summary>
    internal static bool TakesWebhookToken(DocumentedEndpoint endpoint) =>
        endpoint.Path.StartsWith("/api/webhooks/{", StringComparison.Ordinal)
            && endpoint.PathParameters.All(parameter => parameter.Name != "token");
}
