using SalesBrain.Core.Access;

namespace SalesBrain.Core.Imports;

/// <summary>Who may do what with an import job, beside the role's capability.</summary>
public static class ImportJobRules
{
    /// <summary>How long after its end a job can be undone. What undoing needs is deleted then.</summary>
    public static readonly TimeSpan Undoable = TimeSpan.FromDays(30);

    /// <summary>
    /// Whether the user may start, pause, resume and cancel a job that they see. Members and agency staff only those that they created.
    /// </summary>
    public static bool MayControl(Role role, Guid userId, Guid? createdBy) =>
        role is not (Role.Member or Role.AgencyStaff) || userId == createdBy;
}
