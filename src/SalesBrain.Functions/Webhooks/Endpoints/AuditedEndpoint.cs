using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Webhooks.Endpoints;
using SalesBrain.Data.Webhooks.Endpoints;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>
/// What audit entries say about an endpoint: the members that people set. Never a token or a secret; their last four characters tell one
/// from the next.
/// </summary>
internal sealed record AuditedEndpoint
{
    public required string Source { get; init; }
    public required string Name { get; init; }
    public required string AuthMode { get; init; }
    public required JsonElement AuthSettings { get; init; }
    public required string TokenLast4 { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? SecretLast4 { get; init; }
    public required string Status { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? ExpectEvery { get; init; }
    public required JsonElement TypeAliases { get; init; }
    public required JsonElement FieldPaths { get; init; }

    internal static AuditedEndpoint Of(WebhookEndpointRow row) => new()
    {
        Source = row.Source,
        Name = row.Name,
        AuthMode = row.AuthMode,
        AuthSettings = row.AuthSettings,
        TokenLast4 = row.TokenLast4,
        SecretLast4 = row.SecretLast4,
        Status = row.Status,
        ExpectEvery = row.ExpectEverySeconds is { } seconds ? SilenceRules.Format(TimeSpan.FromSeconds(seconds)) : null,
        TypeAliases = row.TypeAliases,
        FieldPaths = row.FieldPaths,
    };
}
