using SalesBrain.Core.Access;

namespace SalesBrain.Core.Crm;

/// <summary>Whom a lead can be assigned to.</summary>
public static class LeadAssigneeRules
{
    /// <summary>Why the user cannot take a lead of the agency and client, in a sentence; null if they can.</summary>
    /// <param name="user">The user's role and scope.</param>
    /// <param name="status">The user's status.</param>
    /// <param name="organizationId">The lead's organization.</param>
    /// <param name="agencyId">The lead's agency.</param>
    /// <param name="clientId">The lead's client.</param>
    public static string? Refusal(RoleScope user, string status, Guid organizationId, Guid? agencyId, Guid? clientId)
    {
        if (user.OrganizationId != organizationId)
        {
            return "The user does not belong to the lead's organization.";
        }
        if (status != "active")
        {
            return $"The user is {status}. Only active users can take leads.";
        }
        if (!user.Role.Can(Capability.WorkLeads))
        {
            return $"The user's role, {user.Role.Name()}, cannot work leads.";
        }
        var reaches = user.Role.Level() switch
        {
            RoleLevel.Agency => user.AgencyId == agencyId,
            RoleLevel.Client => user.ClientId == clientId,
            _ => true,
        };
        return reaches ? null : "The lead is outside of the user's agency or client.";
    }
}
