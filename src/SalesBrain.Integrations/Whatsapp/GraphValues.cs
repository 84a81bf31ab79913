using System.Text.Json;

namespace SalesBrain.Integrations.Whatsapp;

/// <summary>The vendor took a message.</summary>
/// <param name="Wamid">The vendor's id of the message.</param>
/// <param name="MessageStatus"><c>accepted</c>, <c>held_for_quality_assessment</c> or <c>paused</c>; null if the vendor does not
/// say.</param>
/// <param name="WaId">The vendor's id of the recipient; null if the vendor does not say.</param>
public sealed record SentMessage(string Wamid, string? MessageStatus, string? WaId);

/// <summary>The vendor did what it was asked.</summary>
public sealed record GraphSuccess;

/// <summary>What a token is.</summary>
public sealed record GraphToken
{
    /// <summary>The app that the token was issued to.</summary>
    public string? AppId { get; init; }
    public bool IsValid { get; init; }
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The ids that the token was granted for, over all scopes of WhatsApp.</summary>
    public IReadOnlyList<string> WabaIds { get; init; } = [];
}

/// <summary>A phone number of a WhatsApp Business Account.</summary>
public sealed record WhatsappNumber
{
    public required string Id { get; init; }
    public string? DisplayNumber { get; init; }
    public string? VerifiedName { get; init; }

    /// <summary><c>GREEN</c>, <c>YELLOW</c>, <c>RED</c> or <c>UNKNOWN</c>.</summary>
    public string? Quality { get; init; }

    /// <summary>
    /// <c>PENDING</c>, <c>LINKED</c>, <c>UNLINKED</c>, <c>DELETED</c>, <c>MIGRATED</c>, <c>BANNED</c> or <c>RESTRICTED</c>.
    /// </summary>
    public string? Status { get; init; }
}

/// <summary>A template of messages.</summary>
public sealed record WhatsappTemplate
{
    public string? Id { get; init; }
    public required string Name { get; init; }
    public required string Language { get; init; }

    /// <summary>Such as <c>APPROVED</c>.</summary>
    public required string Status { get; init; }
    public string? Category { get; init; }

    /// <summary>The vendor's description of header, body, footer and buttons.</summary>
    public JsonElement? Components { get; init; }
}
