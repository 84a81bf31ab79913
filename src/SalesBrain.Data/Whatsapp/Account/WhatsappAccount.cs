using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Rows;

namespace SalesBrain.Data.Whatsapp.Account;

/// <summary>The WhatsApp Business Account of an organization. The token is never part of it.</summary>
public record WhatsappAccount : VersionedRow
{
    public Guid OrganizationId { get; init; }

    /// <summary>
    /// <c>pending</c>: the signup is not complete. <c>configured</c>: messages can be sent. <c>needs_reconnect</c>: Meta no longer accepts
    /// the token. <c>disconnected</c>: the token was forgotten.
    /// </summary>
    [AllowedValues("pending", "configured", "needs_reconnect", "disconnected")]
    public string Status { get; init; } = "pending";

    /// <summary>The id of the WhatsApp Business Account at Meta.</summary>
    public string WabaId { get; init; } = "";

    /// <summary>The id of the phone number at Meta; null until it is found, and after the account was disconnected.</summary>
    public string? PhoneNumberId { get; init; }
    public string? DisplayNumber { get; init; }
    public string? VerifiedName { get; init; }

    /// <summary>Meta's rating: <c>GREEN</c>, <c>YELLOW</c>, <c>RED</c> or <c>UNKNOWN</c>.</summary>
    public string? Quality { get; init; }

    /// <summary>Whether the number is also used in the WhatsApp Business app. It is not registered then.</summary>
    public bool Coexists { get; init; }

    /// <summary>The last four characters of the token; null after the account was disconnected.</summary>
    public string? TokenLast4 { get; init; }
    public string[] GrantedScopes { get; init; } = [];

    /// <summary>The code of the last error; null if there is none.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>What the last error means.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The most messages that the number may send in a second.</summary>
    public int MessagesPerSecond { get; init; }

    /// <summary>Until then nothing is sent; null: sending goes on.</summary>
    [NotAudited]
    public DateTime? SendsAfter { get; init; }
    public Guid? ConnectedBy { get; init; }
    public DateTime? ConnectedAt { get; init; }

    /// <summary>When Meta was last asked about the number.</summary>
    [NotAudited]
    public DateTime? CheckedAt { get; init; }
    public DateTime? DisconnectedAt { get; init; }

    /// <summary>When a delivery of Meta last named the account; null: none has arrived.</summary>
    [NotAudited]
    public DateTime? WebhookSeenAt { get; init; }

    [JsonIgnore]
    public DateTime? TokenCheckedAt { get; init; }

    [JsonIgnore]
    public DateTime? NumberFoundAt { get; init; }

    [JsonIgnore]
    public DateTime? SubscribedAt { get; init; }

    [JsonIgnore]
    public DateTime? RegisteredAt { get; init; }

    /// <summary>The steps of connecting it, in order.</summary>
    [NotAudited]
    public IReadOnlyList<WhatsappStep> Steps =>
    [
        WhatsappStep.Of("token_checked", TokenCheckedAt),
        WhatsappStep.Of("number_found", NumberFoundAt),
        WhatsappStep.Of("subscribed", SubscribedAt),
        Coexists ? new("registered", "not_needed", null) : WhatsappStep.Of("registered", RegisteredAt),
    ];
}

/// <summary>A step of connecting the account.</summary>
/// <param name="Name">
/// <c>token_checked</c>: the token is ours and was granted for the account. <c>number_found</c>: the number is one of the account.
/// <c>subscribed</c>: Meta sends its events to SalesBrain. <c>registered</c>: the number may send.
/// </param>
/// <param name="State"><c>done</c>, <c>open</c> or <c>not_needed</c>.</param>
/// <param name="At">When it was done.</param>
public sealed record WhatsappStep(
    [property: AllowedValues("token_checked", "number_found", "subscribed", "registered")] string Name,
    [property: AllowedValues("done", "open", "not_needed")] string State,
    DateTime? At)
{
    internal static WhatsappStep Of(string name, DateTime? at) => new(name, at is null ? "open" : "done", at);
}

/// <summary>The account with what nobody may read.</summary>
public sealed record StoredWhatsappAccount : WhatsappAccount
{
    /// <summary>Sealed; null after the account was disconnected.</summary>
    [JsonIgnore]
    public byte[]? TokenSealed { get; init; }

    /// <summary>Sealed; null before the first registration.</summary>
    [JsonIgnore]
    public byte[]? PinSealed { get; init; }

    /// <summary>The approved templates; null before they were asked for.</summary>
    [JsonIgnore]
    public JsonElement? Templates { get; init; }

    [JsonIgnore]
    public DateTime? TemplatesAt { get; init; }
}
