using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SalesBrain.Core.Webhooks.Events;

/// <summary>
/// What an activity shows of its event besides who, where and when. Known members only: whatever else a sender put into the payload
/// stays in the payload.
/// </summary>
public sealed record EventDetails(
    int? Step,
    int? Variant,
    bool? IsFirst,
    string? Label,
    string? Subject,
    string? Snippet,
    string? Text,
    string? LinkUrl,
    string? Message,
    string? EmailId,
    string? EmailAccount,
    string? UniboxUrl)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Goes to a jsonb column, never into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static EventDetails Of(WebhookEvent e) => new(
        e.Step, e.Variant, e.IsFirst, e.Label, e.Subject, e.Snippet, e.Text, e.LinkUrl, e.Message, e.EmailId, e.EmailAccount, e.UniboxUrl);

    /// <summary>The JSON object of the members that are present; <c>{}</c> when none is.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
