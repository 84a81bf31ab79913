using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Data.Conversations;

namespace SalesBrain.Functions.Conversations;

/// <summary>Lists the users to whom conversations can be assigned. For callers who assign them, who may not see users otherwise.</summary>
public sealed class ListConversationAssignees(RequestPipeline pipeline)
{
    [Function(nameof(ListConversationAssignees))]
    [Operation("Conversations", "List the users to whom conversations can be assigned", Description =
        "The active agents and supervisors of the organization by name, at most 1,000, with whether they are present and how many conversations they have.")]
    [Requires(Capability.AssignConversations)]
    [Returns(200, typeof(ConversationAssigneeList))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/conversations/assignees")] HttpRequest request) =>
        pipeline.RunAsync<ListConversationAssignees, ListConversationAssigneesRequest>(request, async (call, input) =>
        {
            var errors = new InputErrors();
            var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
            return errors.Any
                ? Problems.InvalidInput(errors)
                : ApiResults.Ok(new ConversationAssigneeList
                {
                    Users = await ConversationOwners.ListAssigneesAsync(
                        call.Read(), organizationId, call.Now.UtcDateTime, call.CancellationToken),
                });
        });
}

public sealed record ListConversationAssigneesRequest
{
    /// <summary>The organization. Required for platform operators.</summary>
    public Guid? OrganizationId { get; init; }
}

public sealed record ConversationAssigneeList
{
    public required IReadOnlyList<ConversationAssignee> Users { get; init; }
}
