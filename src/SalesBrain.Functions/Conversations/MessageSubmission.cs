using System.Globalization;
using System.Text.Json.Nodes;
using SalesBrain.Core.Values;
using SalesBrain.Core.Whatsapp;
using SalesBrain.Data.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>Stores a message and queues it.</summary>
public sealed class MessageSubmission(MessageSignal signal)
{
    /// <summary>How old the known templates may be to refuse others.</summary>
    private static readonly TimeSpan TemplatesAreFresh = TimeSpan.FromMinutes(10);

    /// <param name="conversationId">The conversation; null: that with <paramref name="to"/>.</param>
    /// <param name="to">The vendor's id of the person.</param>
    internal async Task<IResult> SendAsync(Call call, Guid organizationId, Guid? conversationId, string? to, MessageFields fields)
    {
        var (id, createdAt) = TimeOrderedIds.Create(call.Now);
        await using var session = await call.WriteAsync();
        if (fields.Template is { } template && await OutboundMessages.HasTemplateAsync(
            session, organizationId, template.Name, template.Language, call.Now.UtcDateTime - TemplatesAreFresh, call.CancellationToken) is false)
        {
            return Problems.InvalidMember("template", "must be an approved template in this language");
        }
        var sent = await OutboundMessages.SendAsync(session, new NewMessage
        {
            Id = id,
            CreatedAt = createdAt,
            OrganizationId = organizationId,
            SenderId = call.Caller.UserId,
            InConversation = conversationId,
            To = to,
            Type = fields.Template is null ? "text" : "template",
            Text = fields.Text,
            Payload = fields.Template is null ? "{}" : new JsonObject { ["template"] = fields.Template.ToJson() }.ToJsonString(),
            Preview = fields.Text ?? $"Template {fields.Template!.Name}",
            ClientMessageId = fields.ClientMessageId,
            ReplyTo = fields.ReplyTo,
            ReplyToCreatedAt = fields.ReplyTo is { } reply ? TimeOrderedIds.CreatedAt(reply) : null,
        }, call.CancellationToken);
        if (sent.MessageId is not { } messageId)
        {
            return ProblemOf(sent.Outcome, sent.ClosedAt);
        }
        var message = (await ConversationMessages.FindAsync(session, messageId, sent.MessageCreatedAt!.Value, call.CancellationToken))!;
        if (sent.Outcome == "queued")
        {
            await session.CommitAsync();
            signal.Raise();
        }
        return ApiResults.Accepted(
            message, sent.Outcome == "queued" ? "The message is queued." : "The message was sent before with this client_message_id.");
    }

    /// <summary>The problem of an outcome of <c>app.send_message</c> or <c>app.decide_message</c>.</summary>
    internal static Problem ProblemOf(string outcome, DateTime? closedAt) => outcome switch
    {
        "conversation_not_found" or "not_found" => Problems.NotFound,
        "conversation_closed" => Problems.ConversationClosed.Because(
            "The conversation is closed. Reopen it, or write to the person with to, which begins a new one."),
        "conversation_taken" => Problems.ConversationTaken.Because("The conversation with this person is assigned to another agent."),
        "not_configured" => Problems.WhatsappNotConfigured,
        "needs_reconnect" => Problems.WhatsappNeedsReconnect,
        "window_closed" => Problems.WindowClosed.Because(closedAt is { } at
            ? $"The 24-hour window closed at {at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}. Only a template can "
                + "be sent until the person writes again."
            : "The person has not written yet, so the 24-hour window is not open. Only a template can be sent until the person writes."),
        "recipient_unknown" => Problems.InvalidMember(
            "to", "must be a phone number with its country code, such as +4915112345678, or the WhatsApp id of a person who has written"),
        "reply_to_not_found" => Problems.InvalidMember("reply_to", "must be the id of a message of the conversation that WhatsApp has"),
        _ => throw new InvalidOperationException($"The outcome {outcome} is not known."),
    };
}
