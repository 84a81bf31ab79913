using SalesBrain.Core.Access;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>What of an organization its callers see.</summary>
internal static class OrganizationView
{
    /// <summary>People of an agency or client, and agents, do not see the settings.</summary>
    internal static Organization For(Caller caller, Organization organization) =>
        caller.Role.Level() <= RoleLevel.Organization && !caller.Role.IsAgent() ? organization : organization with { Settings = null };
}
