namespace SalesBrain.Core.Assignments;

/// <summary>Locked contacts: the ones that exist, and their current assignments.</summary>
public sealed record LockedContacts(IReadOnlySet<Guid> Found, ILookup<Guid, HeldContact> Held);

/// <summary>An assignment in force.</summary>
public sealed record HeldContact
{
    public Guid Id { get; init; }
    public Guid ContactId { get; init; }
    public Guid UserId { get; init; }
    public bool IsPrimaryOwner { get; init; }
    public int OwnershipPercentage { get; init; }
}
