using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Conversations;
using SalesBrain.Core.Values;
using SalesBrain.Data.Conversations;
using Rows = SalesBrain.Data.Conversations.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>
/// Lists the conversations that the caller can see: agents their own and those that nobody has, supervisors all of the organization.
/// </summary>
public sealed class ListConversations(RequestPipeline pipeline, Attendance attendance)
{
    [Function(nameof(ListConversations))]
    [Operation("Conversations", "List conversations", Description =
        "The newest activity comes first by default. Agents see the conversations that they have and those that nobody has.")]
    [Requires(Capability.ReadConversations)]
    [Returns(200, typeof(Listing<Conversation>), Bare = true)]
    [Returns(304)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/conversations")] HttpRequest request) =>
        pipeline.RunAsync<ListConversations, ListConversationsRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, Rows.KeyOf(input.SortBy), out var start))
            {
                return PageCursors.Invalid;
            }
            await attendance.NoteAsync(call.Caller, call.CancellationToken);
            var (rows, total) = await Rows.ListAsync(call.Read(), input.FilterFor(call.Caller), start, call.CancellationToken);
            return EntityTags.ShowPage(call, input.ToPage(call.Cursors, rows, total));
        });
}

public sealed record ListConversationsRequest : V1List<ConversationSort>
{
    private const string Me = "me";
    private const string Nobody = "none";

    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Statuses; repeatable.</summary>
    [Length(0, 10)]
    public ConversationStatus[] Status { get; init; } = [];

    /// <summary>Who has the conversation: a user's id, <c>me</c> for the caller, or <c>none</c>.</summary>
    [StringLength(36)]
    [Accepts(Pattern = "^(me|none|[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12})$")]
    public string? AssignedTo { get; init; }

    /// <summary>Only conversations with unread messages.</summary>
    public bool Unread { get; init; }

    /// <summary>Part of the person's name, number, e-mail address or company.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var result in base.Validate(validationContext))
        {
            yield return result;
        }
        if (AssignedTo is not (null or Me or Nobody) && !Guid.TryParseExact(AssignedTo, "D", out _))
        {
            yield return new("must be a UUID, me or none", [nameof(AssignedTo)]);
        }
    }

    internal ConversationFilter FilterFor(Caller caller) => new()
    {
        OrganizationId = OrganizationId,
        Statuses = [.. Status.Distinct().Select(status => status.ToWireName())],
        AssignedTo = AssignedTo == Me ? caller.UserId : Guid.TryParseExact(AssignedTo, "D", out var user) ? user : null,
        IsUnassigned = AssignedTo == Nobody,
        IsUnread = Unread,
        Search = Search,
    };
}
