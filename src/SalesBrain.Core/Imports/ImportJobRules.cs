using SalesBrain.Core.Access;

namespace SalesBrain.Core.Imports;

/// <summary>Who may do what with an import job, beside the role's capability.</summary>
public static class ImportJobRules
{
    /// <summary>Whether the user may start, pause, resume and cancel a job that they see. Members and agency staff only those that they created.</summary>
    public static bool MayControl(Role role, Guid userId, Guid? createdBy) =>
        role is not (Role.Member or Role.AgencyStaff) || userId == createdBy;
}
