using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>Sends a message to a person or in a conversation, for those who work with conversations.</summary>
public sealed partial class SendMessage(RequestPipeline pipeline, MessageSubmission submission)
{
    [Function(nameof(SendMessage))]
    [Operation("Messages", "Send a message", Description =
        "Writes to a person (to) or in a conversation (conversation_id). The message is stored before it is sent; its status tells how it "
        + "goes on. More than 24 hours after the person last wrote only a template can be sent. Without an open conversation with the "
        + "person a new one is begun. An agent who writes in a conversation that nobody has claims it. In a conversation, a "
        + "client_message_id sends once.")]
    [Requires(Capability.WorkConversations)]
    [Returns(202, typeof(ConversationMessage))]
    [Problems(
        "not_found", "whatsapp_not_configured", "whatsapp_needs_reconnect", "window_closed", "conversation_closed", "conversation_taken")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/messages/send")] HttpRequest request) =>
        pipeline.RunAsync<SendMessage, SendMessageRequest>(request, async (call, input) =>
        {
            if (input.ConversationId is { } conversation)
            {
                return await OutboundMessages.FindOrganizationAsync(call.Read(), conversation, call.CancellationToken) is { } itsOwn
                    ? await submission.SendAsync(call, itsOwn, conversation, null, input)
                    : Problems.NotFound;
            }
            var errors = new InputErrors();
            var organization = call.Caller.OrganizationFor(input.OrganizationId, errors);
            return errors.Any
                ? Problems.InvalidInput(errors)
                : await submission.SendAsync(call, organization, null, Recipient(input.To!), input);
        });

    /// <summary>A phone number as WhatsApp writes it, in digits; another id stays as it is.</summary>
    private static string Recipient(string to) => PhoneNumber().Match(to) is { Success: true } number ? number.Groups["digits"].Value : to;

    [GeneratedRegex(@"^\+?(?<digits>[1-9][0-9]{6,14})$", RegexOptions.NonBacktracking)]
    private static partial Regex PhoneNumber();
}

public sealed record SendMessageRequest : MessageFields
{
    /// <summary>
    /// The person: a phone number with its country code, with or without +, or the WhatsApp id of a person who has written. Either this or
    /// conversation_id.
    /// </summary>
    [StringLength(128, MinimumLength = 1)]
    [NotBlank]
    public string? To { get; init; }

    /// <summary>The conversation to write in.</summary>
    public Guid? ConversationId { get; init; }

    /// <summary>The organization that sends. Required only for platform operators who name a person.</summary>
    public Guid? OrganizationId { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if ((To is null) == (ConversationId is null))
        {
            yield return new("send either to or conversation_id", [nameof(To)]);
        }
        foreach (var problem in base.Validate(validationContext))
        {
            yield return problem;
        }
    }
}
