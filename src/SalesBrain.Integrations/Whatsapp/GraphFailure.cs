using SalesBrain.Core.Whatsapp;

namespace SalesBrain.Integrations.Whatsapp;

/// <summary>Why a call failed. It contains no token and no secret; the vendor's texts may name what was sent.</summary>
public sealed record GraphFailure
{
    public required GraphFailureKind Kind { get; init; }

    /// <summary>The HTTP status; null without a response.</summary>
    public int? Status { get; init; }

    /// <summary>The code of a Graph error.</summary>
    public int? Code { get; init; }

    /// <summary>The vendor's message of a Graph error. Its texts change: decide by <see cref="Code"/>.</summary>
    public string? Message { get; init; }

    /// <summary>The vendor's explanation of a Graph error.</summary>
    public string? Details { get; init; }

    /// <summary>Whether the vendor says that the error passes.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The vendor's id of the failed request, for its support.</summary>
    public string? TraceId { get; init; }

    /// <summary>What it means for a message and for people.</summary>
    public WhatsappError Error => Kind switch
    {
        GraphFailureKind.Refused when Code is { } code => WhatsappErrors.Of(code, IsTransient),
        GraphFailureKind.Refused or GraphFailureKind.Unreadable => WhatsappErrors.OfStatus(Status ?? 0),
        GraphFailureKind.NotSent => WhatsappErrors.NotSent,
        _ => WhatsappErrors.Unknown,
    };

    /// <summary>For the log: without the vendor's texts, which may name phone numbers.</summary>
    public override string ToString() => Kind switch
    {
        GraphFailureKind.Refused => $"Graph error {Code}, status {Status}, trace {TraceId ?? "none"}",
        GraphFailureKind.Unreadable => $"unreadable response with status {Status}",
        GraphFailureKind.NotSent => "no connection",
        _ => "no response",
    };
}

public enum GraphFailureKind
{
    /// <summary>The vendor returned an error.</summary>
    Refused,

    /// <summary>A response that is not the vendor's JSON, such as a page of a proxy.</summary>
    Unreadable,

    /// <summary>No connection was made, so nothing was sent.</summary>
    NotSent,

    /// <summary>The request was sent, but no response came. Nobody knows whether it was executed.</summary>
    NoResponse,
}
