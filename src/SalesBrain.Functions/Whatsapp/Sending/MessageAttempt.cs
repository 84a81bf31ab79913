using System.Globalization;
using System.Text.Json.Nodes;
using SalesBrain.Core.Whatsapp;
using SalesBrain.Data.Whatsapp.Sending;
using SalesBrain.Integrations.Whatsapp;

namespace SalesBrain.Functions.Whatsapp.Sending;

/// <summary>An attempt to send a message: the vendor's id, an error, or neither if nothing was sent.</summary>
internal sealed record MessageAttempt(ClaimedMessage Message)
{
    public string? Wamid { get; init; }
    public WhatsappError? Error { get; init; }

    /// <summary>What becomes of the message; null if it was sent.</summary>
    public SendingFailure? Failure => Wamid is not null ? null
        : Error is null ? new(SendingOutcome.Returned, Message.Attempt)
        : SendingFailures.After(Error, Message.Attempt);

    internal static WhatsappMessage RequestOf(ClaimedMessage message) => new()
    {
        To = message.PeerId,
        Type = message.Type,
        Body = message.Type == "text"
            ? new JsonObject { ["body"] = message.Text, ["preview_url"] = false }
            : JsonNode.Parse(message.Payload.GetProperty(message.Type).GetRawText())!,
        CallbackData = message.MessageId.ToString(),
        ReplyTo = message.ReplyToWamid,
    };

    /// <summary>What is stored of the attempt.</summary>
    internal SendingResult ToResult(DateTime now)
    {
        var failure = Failure;
        var result = new SendingResult(
            Message.MessageId, Message.MessageCreatedAt, (failure?.Outcome ?? SendingOutcome.Sent).ToString().ToLowerInvariant());
        return failure is null
            ? result with { Wamid = Wamid }
            : failure.Outcome == SendingOutcome.Returned
                ? result
                : result with
                {
                    ErrorCode = CodeOf(Error!),
                    ErrorMessage = Error!.Sentence,
                    Attempt = failure.Attempts,
                    DueAt = failure.Delay is { } delay ? now + delay : null,
                };
    }

    private static string CodeOf(WhatsappError error) =>
        error.Code?.ToString(CultureInfo.InvariantCulture)
            ?? (error.IsUnknown ? "no_response" : error.Retry == WhatsappRetry.No ? "refused" : "unavailable");
}
