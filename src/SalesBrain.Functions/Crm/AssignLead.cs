using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Values;

namespace SalesBrain.Functions.Crm;

/// <summary>Gives a lead to a user. For roles that work leads, in their scope; members and agency staff only their own.</summary>
public sealed class AssignLead(RequestPipeline pipeline)
{
    [Function(nameof(AssignLead))]
    [Operation("Leads", "Assign a lead to a user", Description =
        "The user must be active, have a role that can work leads, and reach the lead. The user is notified, except by their own action. "
        + "Members and agency staff can hand over leads that are assigned to them or that they created.")]
    [Requires(Capability.WorkLeads)]
    [Returns(200, typeof(LeadDetail))]
    [Problems("not_found", "assignee_disabled", "assignee_unsuitable")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/leads/{leadId:guid}/assign")] HttpRequest request,
        Guid leadId) =>
        pipeline.RunAsync<AssignLead, AssignLeadRequest>(request, async (call, input) =>
        {
            await using var session = await call.WriteAsync();
            var (lead, problem) = await ChangeableLead.LockAsync(call, session, leadId);
            if (lead is null)
            {
                return problem!;
            }
            var (user, refusal) = await LeadAssignment.FindAsync(session, input.UserId, input.Email, call.CancellationToken);
            if ((refusal ?? LeadAssignment.Refuse(user!, lead)) is { } refused)
            {
                return refused;
            }
            var entry = await ChangeableLead.SaveAsync(
                call, session, lead, lead with { AssignedTo = user!.Id }, "lead.assigned", TrimmedText.Of(input.Notes));
            var after = await ChangeableLead.ShowAsync(call, session, leadId);
            if (entry is not null)
            {
                await session.CommitAsync();
            }
            return EntityTags.ShowChanged(call, after);
        });
}

/// <summary>A user, by id or e-mail address.</summary>
public abstract record AssigneeInput : IValidatableObject
{
    /// <summary>The user's id. Send either this or email.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The user's e-mail address.</summary>
    [StringLength(Emails.MaxLength)]
    [MailAddress]
    public string? Email { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (UserId is null == Email is null)
        {
            yield return new("exactly one of user_id and email is required", [nameof(UserId)]);
        }
    }
}

public sealed record AssignLeadRequest : AssigneeInput
{
    /// <summary>Shown to the user with the notification.</summary>
    [StringLength(1000)]
    public string? Notes { get; init; }
}
