namespace SalesBrain.Core.Assignments;

/// <summary>What becomes of contacts when a user is to own them.</summary>
public static class OwnershipRules
{
    /// <summary>
    /// Decides for each contact, once however often it is asked for. The primary owner gets what other assignments leave of the contact. Who is
    /// primary owner now stays it unless the contact may be taken from them.
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

/// <summary>What is to be done with contacts.</summary>
public sealed record OwnershipPlan
{
    /// <summary>There is no such contact.</summary>
    public List<Guid> Missing { get; } = [];

    /// <summary>Contacts that stay with their primary owner.</summary>
    public List<HeldContact> Owned { get; } = [];

    /// <summary>Assignments to end because their contacts go to somebody else.</summary>
    public List<Guid> Transferred { get; } = [];

    /// <summary>Contacts to assign, with the share that is left.</summary>
    public List<(Guid ContactId, int Percentage)> Assigned { get; } = [];

    /// <summary>Of those, how many the user has not had so far.</summary>
    public int NewCount { get; internal set; }
}
