namespace SalesBrain.Core.Assignments;

/// <summary>Decides what happens to contacts when they are assigned to a user.</summary>
public static class OwnershipRules
{
    /// <summary>
    /// Decides for each contact whether the user becomes its primary owner. An id that is sent twice counts once. If another user is the
    /// primary owner, that user keeps the contact unless <paramref name="mayTransfer"/> is true. The new primary owner gets the percentage
    /// that the other assignments leave.
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

    /// <summary>The assignments of primary owners who keep their contacts.</summary>
    public List<HeldContact> Owned { get; } = [];

    /// <summary>Ids of the previous primary owners' assignments, which end because their contacts are transferred.</summary>
    public List<Guid> Transferred { get; } = [];

    /// <summary>Contacts to assign to the user, with the percentage that the user gets.</summary>
    public List<(Guid ContactId, int Percentage)> Assigned { get; } = [];

    /// <summary>Number of contacts in <see cref="Assigned"/> that were not assigned to the user before.</summary>
    public int NewCount { get; internal set; }
}
