namespace SalesBrain.Core.Assignments;

/// <summary>Contacts whose rows this transaction has locked: the ids that exist, and the active assignments by contact.</summary>
public sealed record LockedContacts(IReadOnlySet<Guid> Found, ILookup<Guid, HeldContact> Held);

/// <summary>An active assignment of a contact to a user.</summary>
public sealed record HeldContact
{
    public Guid Id { get; init; }
    public Guid ContactId { get; init; }
    public Guid UserId { get; init; }
    public bool IsPrimaryOwner { get; init; }
    public int OwnershipPercentage { get; init; }
}
