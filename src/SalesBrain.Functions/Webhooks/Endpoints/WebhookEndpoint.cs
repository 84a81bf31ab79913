using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Webhooks.Endpoints;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Core.Webhooks.Receiving.Verification;
using SalesBrain.Data.Webhooks.Endpoints;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>A webhook endpoint as its managers see it.</summary>
public sealed record WebhookEndpoint
{
    public required Guid Id { get; init; }
    public required Guid OrganizationId { get; init; }
    public required string Source { get; init; }
    public required string Name { get; init; }

    /// <summary>Where senders deliver, with the token in it. Only in the answer that made the token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    /// <summary>Only in the answer that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    /// <summary>Only in the answer that made it; there is none in mode token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    /// <summary>Where senders deliver that put the token in <c>X-Webhook-Token</c> or <c>Authorization: Bearer</c>.</summary>
    public required string UrlWithoutToken { get; init; }
    public required string TokenLast4 { get; init; }

    /// <summary>Until when the token before the last rotation works; null when it doesn't.</summary>
    public DateTime? PreviousTokenExpiresAt { get; init; }

    /// <summary><c>token</c>, <c>header</c>, <c>basic</c>, <c>hmac</c> or <c>standard_webhooks</c>.</summary>
    public required string AuthMode { get; init; }
    public required AuthSettings AuthSettings { get; init; }
    public string? SecretLast4 { get; init; }

    /// <summary>Until when the secret before the last rotation works; null when it doesn't.</summary>
    public DateTime? PreviousSecretExpiresAt { get; init; }

    /// <summary><c>active</c> or <c>disabled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>How long nothing may come before the owners are told, such as <c>2h</c>; null = for ever.</summary>
    public string? ExpectEvery { get; init; }

    /// <summary>When the silence began that the owners were told of; null while it receives.</summary>
    public DateTime? SilentSince { get; init; }

    /// <summary>When the newest log that is still kept was received.</summary>
    public DateTime? LastReceivedAt { get; init; }
    public Guid? CreatedBy { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }

    internal static WebhookEndpoint Of(WebhookEndpointRow row, Uri publicBaseUrl, DateTime now) => new()
    {
        Id = row.Id,
        OrganizationId = row.OrganizationId,
        Source = row.Source,
        Name = row.Name,
        UrlWithoutToken = ReceivingUrl(publicBaseUrl, row.Source),
        TokenLast4 = row.TokenLast4,
        PreviousTokenExpiresAt = row.PreviousTokenExpiresAt > now ? row.PreviousTokenExpiresAt : null,
        AuthMode = row.AuthMode,
        AuthSettings = AuthSettings.Of(row),
        SecretLast4 = row.SecretLast4,
        PreviousSecretExpiresAt = row.PreviousSecretExpiresAt > now ? row.PreviousSecretExpiresAt : null,
        Status = row.Status,
        ExpectEvery = row.ExpectEverySeconds is { } seconds ? SilenceRules.Format(TimeSpan.FromSeconds(seconds)) : null,
        SilentSince = row.SilentSince,
        LastReceivedAt = row.LastReceivedAt,
        CreatedBy = row.CreatedBy,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
    };

    /// <summary>The answer that hands out a new token.</summary>
    internal WebhookEndpoint WithToken(string token) => this with { Token = token, Url = $"{UrlWithoutToken}/{token}" };

    private static string ReceivingUrl(Uri publicBaseUrl, string source) => $"{publicBaseUrl.AbsoluteUri.TrimEnd('/')}/api/webhooks/{source}";
}

/// <summary>How deliveries prove that they are their sender's, besides the token. Members that the mode has no use for are null.</summary>
public sealed record AuthSettings
{
    /// <summary>Mode header: the header that holds the secret. Mode hmac: the one that holds the signature.</summary>
    public string? Header { get; init; }

    /// <summary>Mode basic: the user name; the secret is the password.</summary>
    public string? User { get; init; }

    /// <summary>Mode hmac: <c>sha256</c> (default) or <c>sha512</c>.</summary>
    public string? Algorithm { get; init; }

    /// <summary>Mode hmac, how the signature is written: <c>hex</c> (default) or <c>base64</c>.</summary>
    public string? Encoding { get; init; }

    /// <summary>Mode hmac: what stands before the signature in its header, such as <c>sha256=</c>.</summary>
    public string? Prefix { get; init; }

    /// <summary>Mode hmac: the header with the time of sending; null for none.</summary>
    public string? TimestampHeader { get; init; }

    /// <summary>Mode hmac with a timestamp: how many seconds it may be off; 300 by default.</summary>
    public int? ToleranceSeconds { get; init; }

    /// <summary>Mode hmac with a timestamp: what is signed; <c>{timestamp}.{body}</c> by default.</summary>
    public string? SignedPayload { get; init; }

    internal static AuthSettings Of(WebhookEndpointRow row) =>
        row.AuthSettings.Deserialize<AuthSettings>(WebhookEndpointSecrets.SettingsJson)!;

    internal WebhookAuthentication In(string mode) => new()
    {
        Mode = mode,
        Header = Header,
        User = User,
        Algorithm = Algorithm,
        Encoding = Encoding,
        Prefix = Prefix,
        TimestampHeader = TimestampHeader,
        ToleranceSeconds = ToleranceSeconds,
        SignedPayload = SignedPayload,
    };

    /// <summary>As <c>auth_settings</c> holds them.</summary>
    internal JsonElement ToJson() => JsonSerializer.SerializeToElement(this, WebhookEndpointSecrets.SettingsJson);
}
