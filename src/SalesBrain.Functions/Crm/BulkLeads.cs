using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>What bulk calls about leads have in common.</summary>
internal static class BulkLeads
{
    /// <summary>Most leads of one call.</summary>
    internal const int Most = 100;

    /// <summary>For the documentation of each.</summary>
    internal const string About =
        "A lead that cannot be changed does not stop the others: failed_items gives the reason for each. Unknown leads and those of other "
        + "organizations are not_found. Leads that are neither assigned to the caller nor created by them are forbidden for "
        + "members and agency staff.";

    /// <summary>The failures of the leads that are not among the locked ones, in the order in which they were sent.</summary>
    internal static List<BulkFailure> Missing(IEnumerable<Guid> leadIds, LockedLeads locked)
    {
        var found = locked.Rows.Select(lead => lead.Id).ToHashSet();
        return [.. leadIds.Distinct().Where(id => !found.Contains(id)).Select(id => BulkFailure.Of(id, ChangeableLead.FailureOf(id, locked)))];
    }
}
