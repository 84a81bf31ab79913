namespace SalesBrain.Core.Webhooks.Receiving;

/// <summary>
/// Why a delivery was refused: the cause as stored, the kind of response, and a diagnosis for the operator of the endpoint. The diagnosis
/// contains no secrets and no text from the delivery. It is not returned to the sender, because it would help an attacker.
/// </summary>
public sealed record WebhookRefusal(string Cause, RefusalKind Kind, string Diagnosis)
{
    /// <summary>The endpoint was deleted. No rejection is kept: no endpoint is left that it could belong to.</summary>
    public static readonly WebhookRefusal Deleted = new(RejectionCauses.Disabled, RefusalKind.EndpointDeleted, "the endpoint was deleted");

    /// <summary>The endpoint's organization is suspended.</summary>
    public static readonly WebhookRefusal Suspended = new(
        RejectionCauses.Disabled, RefusalKind.OrganizationSuspended, "the organization is suspended");

    /// <summary>The endpoint was switched off.</summary>
    public static readonly WebhookRefusal Disabled = new(
        RejectionCauses.Disabled, RefusalKind.EndpointDisabled, "the endpoint is disabled");

    internal static WebhookRefusal BadSecret(string diagnosis) => new(RejectionCauses.BadSecret, RefusalKind.NotAuthenticated, diagnosis);

    internal static WebhookRefusal BadSignature(string diagnosis) =>
        new(RejectionCauses.BadSignature, RefusalKind.NotAuthenticated, diagnosis);

    internal static WebhookRefusal StaleTimestamp(string diagnosis) =>
        new(RejectionCauses.StaleTimestamp, RefusalKind.NotAuthenticated, diagnosis);

    internal static WebhookRefusal NotJson(string diagnosis) => new(RejectionCauses.NotJson, RefusalKind.NotJson, diagnosis);

    internal static WebhookRefusal NotAnObject(string diagnosis) => new(RejectionCauses.NotJson, RefusalKind.NotAnObject, diagnosis);

    internal static WebhookRefusal TooLarge(string diagnosis) => new(RejectionCauses.TooLarge, RefusalKind.TooLarge, diagnosis);

    internal static WebhookRefusal UnsupportedType(string diagnosis) =>
        new(RejectionCauses.UnsupportedType, RefusalKind.UnsupportedType, diagnosis);
}

/// <summary>The kind of response to a refused delivery. The problem catalogue has one problem for each kind.</summary>
public enum RefusalKind
{
    /// <summary>401.</summary>
    NotAuthenticated,

    /// <summary>400: not JSON at all.</summary>
    NotJson,

    /// <summary>400: JSON, but neither an object nor an array of objects.</summary>
    NotAnObject,

    /// <summary>413.</summary>
    TooLarge,

    /// <summary>415.</summary>
    UnsupportedType,

    /// <summary>403: the endpoint is switched off.</summary>
    EndpointDisabled,

    /// <summary>403: the endpoint's organization is suspended.</summary>
    OrganizationSuspended,

    /// <summary>404: the endpoint was deleted.</summary>
    EndpointDeleted,
}

/// <summary>The causes of refusals, as stored.</summary>
public static class RejectionCauses
{
    public const string BadSecret = "bad_secret";
    public const string BadSignature = "bad_signature";
    public const string StaleTimestamp = "stale_timestamp";
    public const string NotJson = "not_json";
    public const string TooLarge = "too_large";
    public const string UnsupportedType = "unsupported_type";
    public const string Disabled = "disabled";

    /// <summary>Every cause, in the order of a drop-down.</summary>
    public static IReadOnlyList<string> All { get; } =
        [BadSecret, BadSignature, StaleTimestamp, NotJson, TooLarge, UnsupportedType, Disabled];
}
