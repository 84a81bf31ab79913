using SalesBrain.Core.Assignments;

namespace SalesBrain.Core.Tests.Assignments;

public sealed class OwnershipRulesTests
{
    private static readonly Guid User = Guid.NewGuid();
    private static readonly Guid Contact = Guid.NewGuid();

    [Fact]
    public void A_contact_that_is_asked_for_twice_is_decided_once()
    {
        var plan = OwnershipRules.Plan([Contact, Contact], User, mayTransfer: false, Locked());

        AssertAssigned(plan, percentage: 100);
        Assert.Equal(1, plan.NewCount);
    }

    [Fact]
    public void A_contact_the_user_has_is_assigned_and_not_new()
    {
        var plan = OwnershipRules.Plan([Contact], User, mayTransfer: false, Locked(Held(User, 100, isPrimary: true)));

        AssertAssigned(plan, percentage: 100);
        Assert.Equal(0, plan.NewCount);
        Assert.Empty(plan.Transferred);
    }

    [Fact]
    public void Existing_share_of_a_user_grows_when_they_become_the_owner()
    {
        var owner = Held(Guid.NewGuid(), 50, isPrimary: true);

        var plan = OwnershipRules.Plan([Contact], User, mayTransfer: true, Locked(owner, Held(User, 30), Held(Guid.NewGuid(), 20)));

        AssertAssigned(plan, percentage: 80);
        Assert.Equal([owner.Id], plan.Transferred);
    }

    [Fact]
    public void Shares_never_exceed_100_in_total()
    {
        var random = new Random(1);
        for (var i = 0; i < 1000; i++)
        {
            var left = 100;
            var held = Enumerable.Range(0, random.Next(4)).Select(n =>
            {
                var share = random.Next(left + 1);
                left -= share;
                return Held(n == 1 ? User : Guid.NewGuid(), share, isPrimary: n == 0);
            }).ToArray();

            var plan = OwnershipRules.Plan([Contact], User, mayTransfer: true, Locked(held));

            var stays = held.Where(one => one.UserId != User && !plan.Transferred.Contains(one.Id)).Sum(one => one.OwnershipPercentage);
            Assert.Equal(100, stays + Assert.Single(plan.Assigned).Percentage);
        }
    }

    [Fact]
    public void Owner_stays_without_transfer_and_unknown_contacts_are_missing()
    {
        var missing = Guid.NewGuid();
        var owner = Held(Guid.NewGuid(), 0, isPrimary: true);

        var plan = OwnershipRules.Plan([Contact, missing], User, mayTransfer: false, Locked(owner));

        Assert.Equal([owner], plan.Owned);
        Assert.Equal([missing], plan.Missing);
        Assert.Empty(plan.Assigned);
        Assert.Empty(plan.Transferred);
    }

    private static void AssertAssigned(OwnershipPlan plan, int percentage)
    {
        var assigned = Assert.Single(plan.Assigned);
        Assert.Equal(Contact, assigned.ContactId);
        Assert.Equal(percentage, assigned.Percentage);
    }

    private static HeldContact Held(Guid user, int percentage, bool isPrimary = false) =>
        new() { Id = Guid.NewGuid(), ContactId = Contact, UserId = user, IsPrimaryOwner = isPrimary, OwnershipPercentage = percentage };

    private static LockedContacts Locked(params HeldContact[] held) =>
        new(new HashSet<Guid> { Contact }, held.ToLookup(one => one.ContactId));
}
