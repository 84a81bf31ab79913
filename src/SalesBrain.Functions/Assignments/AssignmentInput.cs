using SalesBrain.Data.Assignments;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Assignments;

/// <summary>
/// What older clients say about who assigns where. It must be the caller's own, except for platform operators, who choose with it.
/// </summary>
public abstract record AssignmentInput
{
    /// <summary>The organization. Required only for platform operators, if no other value determines it.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>The assigning user. Default: the caller. Platform operators can name a user of the organization.</summary>
    public Guid? AssignedBy { get; init; }

    /// <summary>Alias of <c>assigned_by</c>.</summary>
    public Guid? CreatedBy { get; init; }

    /// <summary>Whom assignments name as who made them.</summary>
    internal Guid AssignerOr(Caller caller) => AssignedBy ?? CreatedBy ?? caller.UserId;

    /// <summary>Most ids that an audit entry names; the count is always there.</summary>
    internal const int MostAuditedIds = 500;

    /// <summary>The user who receives the assignments, or why the request cannot be carried out.</summary>
    internal async Task<(Assignee? User, Problem? Problem)> FindAssigneeAsync(Call call, DatabaseSession session, Guid userId)
    {
        if (await Assignees.FindAsync(session, userId, OrganizationId, call.CancellationToken) is not { } user)
        {
            return (null, Problems.NotFound);
        }
        return user.Status == "disabled"
            ? (null, Problems.AssigneeDisabled)
            : (user, await CheckAssignerAsync(session, call.Caller, user.OrganizationId, call.CancellationToken));
    }

    /// <summary>What the caller may not say about the organization and about who assigns.</summary>
    internal InputErrors Check(Caller caller)
    {
        var errors = new InputErrors();
        caller.CheckOrganization(OrganizationId, errors);
        CheckAssigner(caller, errors);
        return errors;
    }

    /// <summary>Adds to the errors what the caller may not say about who assigns.</summary>
    internal void CheckAssigner(Caller caller, InputErrors errors)
    {
        if (caller.OrganizationId is not null)
        {
            Add(AssignedBy is { } assigner && assigner != caller.UserId, "assigned_by", "must be yourself");
            Add(CreatedBy is { } creator && creator != caller.UserId, "created_by", "must be yourself");
        }
        else
        {
            Add(
                AssignedBy is { } assigner && CreatedBy is { } creator && assigner != creator, "created_by",
                "must be the same as assigned_by");
        }

        void Add(bool isWrong, string member, string message)
        {
            if (isWrong)
            {
                errors.Add(member, message);
            }
        }
    }

    /// <summary>422 if a platform operator names an assigning user of another organization.</summary>
    internal async Task<Problem?> CheckAssignerAsync(
        DatabaseSession session, Caller caller, Guid organizationId, CancellationToken cancellationToken)
    {
        var assigner = AssignerOr(caller);
        return assigner == caller.UserId || await Assignees.FindAsync(session, assigner, organizationId, cancellationToken) is not null
            ? null
            : Problems.InvalidMember(
                AssignedBy is null ? "created_by" : "assigned_by", "must be the id of one of the organization's users");
    }
}
