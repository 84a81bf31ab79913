using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Assignments;
using SalesBrain.Data.Assignments;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Assignments;

/// <summary>Makes a user the primary owner of contacts, for whoever manages assignments.</summary>
public sealed class AssignContacts(RequestPipeline pipeline)
{
    [Function(nameof(AssignContacts))]
    [Operation("Assignments", "Make a user the primary owner of contacts", Description =
        "Sending the same request again changes nothing. An existing assignment is updated. A contact that has another primary "
        + "owner is not reassigned unless transfer is true. The user owns the percentage that other assignments leave. A contact "
        + "that cannot be assigned does not stop the others: failed_items gives the reason for each.")]
    [Requires(Capability.ManageAssignments)]
    [Returns(200, typeof(AssignmentResults), Bare = true)]
    [Problems("not_found", "assignee_disabled", "contact_has_owner", "contact_over_owned")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/users/{userId:guid}/assign-contacts")] HttpRequest request,
        Guid userId) =>
        pipeline.RunAsync<AssignContacts, AssignContactsRequest>(request, async (call, input) =>
        {
            if (input.Check(call.Caller) is { Any: true } errors)
            {
                return Problems.InvalidInput(errors);
            }
            await using var session = await call.WriteAsync();
            var (found, problem) = await input.FindAssigneeAsync(call, session, userId);
            if (problem is not null || found is not { } user)
            {
                return problem!;
            }
            var locked = await ContactAssignments.LockAsync(session, user.OrganizationId, userId, input.ContactIds, call.CancellationToken);
            var plan = OwnershipRules.Plan(input.ContactIds, userId, input.Transfer, locked);
            await CarryOutAsync(call, session, user, input, plan);
            await session.CommitAsync();
            return ApiResults.Bare(AssignmentResults.Of(plan.Assigned.Count,
            [
                .. plan.Missing.Select(id => AssignmentFailure.Of(id, Problems.NotFound.Because("Contact not found."))),
                .. plan.Owned.Select(held => AssignmentFailure.Of(
                    held.ContactId,
                    Problems.ContactHasOwner.Because(
                        $"The contact's primary owner is user {held.UserId}. Set transfer to true to reassign it."))),
            ]));
        });

    private static async Task CarryOutAsync(
        Call call, DatabaseSession session, Assignee user, AssignContactsRequest input, OwnershipPlan plan)
    {
        var assigner = input.AssignerOr(call.Caller);
        if (plan.Transferred.Count > 0)
        {
            // First: a contact has one primary owner at any time.
            await ContactAssignments.TransferAsync(
                session, user.OrganizationId, plan.Transferred, call.Now.UtcDateTime, call.CancellationToken);
        }
        var changed = await ContactAssignments.AssignAsync(session, new NewContactAssignments
        {
            OrganizationId = user.OrganizationId,
            UserId = user.Id,
            Contacts = plan.Assigned,
            AssignmentType = input.AssignmentType,
            HasFollowup = input.NextFollowupAt.IsSet,
            NextFollowupAt = input.NextFollowupAt.Value,
            AssignedBy = assigner,
            Now = call.Now,
        }, call.CancellationToken);
        if (changed == 0)
        {
            return;
        }
        await AssignmentNotifications.TellAsync(
            session, user, "contact", plan.NewCount, assigner, call.Now.UtcDateTime, call.CancellationToken);
        await call.AuditAsync(
            session, "assignment.created", "user", user.Id, user.OrganizationId, new
            {
                count = changed,
                assignment_type = input.AssignmentType,
                transferred = plan.Transferred.Count,
                assigned_by = assigner,
                contact_ids = plan.Assigned.Select(contact => contact.ContactId).Take(AssignmentInput.MostAuditedIds),
            });
    }
}

public sealed record AssignContactsRequest : AssignmentInput
{
    [Length(1, 1000)]
    public required Guid[] ContactIds { get; init; }

    /// <summary>How the user was chosen. For information only.</summary>
    [AllowedValues("manual", "round_robin", "lead_score", "territory")]
    public string AssignmentType { get; init; } = "manual";

    /// <summary>Also reassign contacts that have another primary owner.</summary>
    public bool Transfer { get; init; }

    /// <summary>When to follow up. If not sent, the stored value stays; null clears it.</summary>
    public Optional<DateTime?> NextFollowupAt { get; init; }
}
