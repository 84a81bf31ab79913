using SalesBrain.Core.Access;

namespace SalesBrain.Functions.Organizations;

/// <summary>Checks whether a caller can grant a role in a scope, and validates the scope.</summary>
internal static class UserPlace
{
    /// <summary>
    /// The problem with granting the role in the scope; null if there is none. A caller who can never grant the role is refused first, so
    /// that the validation of the scope reveals nothing.
    /// </summary>
    internal static Problem? ProblemOf(Caller caller, RoleScope granted)
    {
        if (!RoleRules.MayEverGrant(caller.Scope, granted.Role))
        {
            return Problems.Forbidden.Because("Your role cannot grant this role.");
        }
        if (!RoleRules.IsValid(granted))
        {
            return Problems.InvalidInput(ErrorsOf(granted));
        }
        return RoleRules.MayGrant(caller.Scope, granted)
            ? null
            : Problems.Forbidden.Because("Your role cannot grant this role outside your own organization, agency or client.");
    }

    private static InputErrors ErrorsOf(RoleScope granted)
    {
        var (errors, level, name) = (new InputErrors(), granted.Role.Level(), granted.Role.Name());
        Check("organization_id", granted.OrganizationId, level != RoleLevel.Platform);
        Check("agency_id", granted.AgencyId, level == RoleLevel.Agency);
        Check("client_id", granted.ClientId, level == RoleLevel.Client);
        return errors;

        void Check(string member, Guid? id, bool isNeeded)
        {
            if (id is null == isNeeded)
            {
                errors.Add(member, isNeeded ? $"is required for the role {name}" : $"must be null for the role {name}");
            }
        }
    }
}
