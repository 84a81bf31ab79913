using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Endpoints;
using SalesBrain.Core.Webhooks.Receiving.Verification;
using SalesBrain.Data.Webhooks.Endpoints;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>A webhook endpoint.</summary>
public sealed record WebhookEndpoint
{
    public required Guid Id { get; init; }
    public required Guid OrganizationId { get; init; }

    [ReceivingSource]
    public required string Source { get; init; }
    public required string Name { get; init; }

    /// <summary>The URL for senders, including the token. Returned only when the token is created.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    /// <summary>Returned only when the token is created.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    /// <summary>Returned only when the secret is created. Mode token has no secret.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    /// <summary>The URL for senders that send the token in <c>X-Webhook-Token</c> or <c>Authorization: Bearer</c>.</summary>
    public required string UrlWithoutToken { get; init; }
    public required string TokenLast4 { get; init; }

    /// <summary>When the previous token expires; null if it is not valid any more.</summary>
    public DateTime? PreviousTokenExpiresAt { get; init; }

    /// <summary><c>token</c>, <c>header</c>, <c>basic</c>, <c>hmac</c> or <c>standard_webhooks</c>.</summary>
    [AuthMode]
    public required string AuthMode { get; init; }
    public required AuthSettings AuthSettings { get; init; }
    public string? SecretLast4 { get; init; }

    /// <summary>When the previous secret expires; null if it is not valid any more.</summary>
    public DateTime? PreviousSecretExpiresAt { get; init; }

    /// <summary><c>active</c> or <c>disabled</c>.</summary>
    [AllowedValues("active", "disabled")]
    public required string Status { get; init; }

    /// <summary>The owners are notified after this time without a delivery, such as <c>2h</c>; null for no notification.</summary>
    public string? ExpectEvery { get; init; }

    /// <summary>The canonical event types of the sender's own names.</summary>
    public required JsonElement TypeAliases { get; init; }

    /// <summary>Where fields are in the events that the endpoint receives. Null: where they are usually found.</summary>
    public required FieldPaths FieldPaths { get; init; }

    /// <summary>When the endpoint stopped receiving, if the owners were notified of it; otherwise null.</summary>
    public DateTime? SilentSince { get; init; }

    /// <summary>When the newest stored webhook log was received.</summary>
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
        TypeAliases = row.TypeAliases,
        FieldPaths = FieldPaths.Of(row.FieldPaths),
        SilentSince = row.SilentSince,
        LastReceivedAt = row.LastReceivedAt,
        CreatedBy = row.CreatedBy,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
    };

    /// <summary>The response with a new token.</summary>
    internal WebhookEndpoint WithToken(string token) => this with { Token = token, Url = $"{UrlWithoutToken}/{token}" };

    private static string ReceivingUrl(Uri publicBaseUrl, string source) =>
        $"{publicBaseUrl.AbsoluteUri.TrimEnd('/')}/api/webhooks/{source}";
}

/// <summary>How deliveries are authenticated, in addition to the token. Fields that the mode does not use are null.</summary>
public sealed record AuthSettings
{
    /// <summary>Mode header: the header with the secret. Mode hmac: the header with the signature.</summary>
    [Accepts(MinLength = 1, MaxLength = AuthenticationRules.MaxHeaderLength, Pattern = AuthenticationRules.HeaderPattern)]
    public string? Header { get; init; }

    /// <summary>Mode basic: the user name; the secret is the password.</summary>
    [Verbatim]
    [Accepts(MinLength = 1, MaxLength = AuthenticationRules.MaxUserLength, Pattern = AuthenticationRules.UserPattern)]
    public string? User { get; init; }

    /// <summary>Mode hmac: <c>sha256</c> (default) or <c>sha512</c>.</summary>
    [Accepts(Values = ["sha256", "sha512"])]
    public string? Algorithm { get; init; }

    /// <summary>Mode hmac: the encoding of the signature, <c>hex</c> (default) or <c>base64</c>.</summary>
    [Accepts(Values = ["hex", "base64"])]
    public string? Encoding { get; init; }

    /// <summary>Mode hmac: the prefix of the signature in its header, such as <c>sha256=</c>.</summary>
    [Accepts(MaxLength = AuthenticationRules.MaxPrefixLength, Pattern = AuthenticationRules.PrefixPattern)]
    public string? Prefix { get; init; }

    /// <summary>Mode hmac: the header with the timestamp of the delivery; null if there is none.</summary>
    [Accepts(MinLength = 1, MaxLength = AuthenticationRules.MaxHeaderLength, Pattern = AuthenticationRules.HeaderPattern)]
    public string? TimestampHeader { get; init; }

    /// <summary>Mode hmac with a timestamp: how many seconds it may differ from the current time. Default: 300.</summary>
    [Accepts(Minimum = 1, Maximum = AuthenticationRules.MaxTolerance)]
    public int? ToleranceSeconds { get; init; }

    /// <summary>Mode hmac with a timestamp: the signed text. Default: <c>{timestamp}.{body}</c>.</summary>
    [Verbatim]
    [Accepts(MaxLength = AuthenticationRules.MaxSignedPayloadLength, Pattern = AuthenticationRules.SignedPayloadPattern)]
    public string? SignedPayload { get; init; }

    internal static AuthSettings Of(WebhookEndpointRow row) =>
        row.AuthSettings.Deserialize<AuthSettings>(ColumnJson.Options)!;

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
    internal JsonElement ToJson() => JsonSerializer.SerializeToElement(this, ColumnJson.Options);
}
