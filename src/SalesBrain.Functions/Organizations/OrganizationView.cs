using SalesBrain.Core.Access;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>What of an organization its callers see.</summary>
internal static class OrganizationView
{
    /// <summary>The organization's settings are nothing to people of one of its agencies or clients.</summary>
    internal static Organization For(Caller caller, Organization organization) =>
        caller.Role.Level() <= RoleLevel.Organization ? organization : organization with { Settings = null };
}
