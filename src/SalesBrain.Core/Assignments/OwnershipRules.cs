namespace SalesBrain.Core.Assignments;

/// <summary>Decides what happens to contacts when they are assigned to a user.</summary>
public static class OwnershipRules
{
    /// <summary>
    /// Decides for each contact; a repeated id counts once. The primary owner gets the percentage that other assignments leave. The current
    /// primary owner keeps the contact unless transfers are allowed.
    /// </summary>
    public static OwnershipPlan Plan(IEnumerable<Guid> contactIds, Guid userId, bool mayTransfer, LockedContacts locked)
    {
        var plan = new OwnershipPlan();
        foreach (var contactId in contactIds.Distinct())
        {
            var others = locked.Held[contactId].Where(held => held.UserId != userId).ToList();
            if (!locked.Found.Contains(contactId))
            {
                plan.Missing.Add(contactId);
            }
            else if (others.Find(held => held.IsPrimaryOwner) is { } owner && !mayTransfer)
            {
                plan.Owned.Add(owner);
            }
            else
            {
                plan.Transferred.AddRange(others.Where(held => held.IsPrimaryOwner).Select(held => held.Id));
                plan.Assigned.Add((contactId, 100 - others.Where(held => !held.IsPrimaryOwner).Sum(held => held.OwnershipPercentage)));
                if (!locked.Held[contactId].Any(held => held.UserId == userId))
                {
                    plan.NewCount++;
                }
            }
        }
        return plan;
    }
}

/// <summary>The decisions for a set of contacts.</summary>
public sealed record OwnershipPlan
{
    /// <summary>Contacts that do not exist.</summary>
    public List<Guid> Missing { get; } = [];

    /// <summary>Contacts that stay with their primary owner.</summary>
    public List<HeldContact> Owned { get; } = [];

    /// <summary>Assignments to end, because their contacts are transferred.</summary>
    public List<Guid> Transferred { get; } = [];

    /// <summary>Contacts to assign, with the share that is left.</summary>
    public List<(Guid ContactId, int Percentage)> Assigned { get; } = [];

    /// <summary>Number of those that the user did not have before.</summary>
    public int NewCount { get; internal set; }
}
