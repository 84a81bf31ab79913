namespace SalesBrain.Core.Webhooks.Events;

/// <summary>The details of an event that an activity shows. Only known fields are copied; all others stay in the payload.</summary>
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
    string? UniboxUrl,
    decimal? DealAmount,
    string? DealCurrency)
{
    public static EventDetails Of(WebhookEvent e) => new(
        e.Step, e.Variant, e.IsFirst, e.Label, e.Subject, e.Snippet, e.Text, e.LinkUrl, e.Message, e.EmailId, e.EmailAccount, e.UniboxUrl,
        e.DealAmount, e.DealCurrency);
}
