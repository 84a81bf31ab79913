using SalesBrain.Core.Auth;

namespace SalesBrain.Core.Tests.Auth;

/// <summary>Turns are given synchronously when one ends, so a task that is not completed afterwards waits.</summary>
public sealed class PasswordQueueTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Account_has_one_turn_at_a_time()
    {
        var queue = new PasswordQueue(turns: 8);

        var (first, second) = (Enter(queue, "ann", "1"), Enter(queue, "ann", "2"));
        Assert.True(first.HasTurn);
        Assert.False(second.HasTurn);
        first.Leave();

        Assert.True(second.HasTurn);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(8, 4)]
    public void Address_has_at_most_half_of_the_turns_and_organization_too(int turns, int share)
    {
        var (byAddress, byOrganization) = (new PasswordQueue(turns), new PasswordQueue(turns));

        var ofAddress = Enumerable.Range(0, 20).Select(number => Enter(byAddress, $"{number}", "1")).Count(member => member.HasTurn);
        var ofOrganization = Enumerable.Range(0, 20).Select(number => Enter(byOrganization, $"{number}", $"{number}", "acme"))
            .Count(member => member.HasTurn);

        Assert.Equal(share, ofAddress);
        Assert.Equal(share, ofOrganization);
        Assert.Equal(turns > 1, Enter(byAddress, "other", "2").HasTurn);
        Assert.Equal(turns > 1, Enter(byOrganization, "other", "other", "globex").HasTurn);
    }

    public static TheoryData<string, Func<int, QueueKeys>> Floods => new()
    {
        { "one account", _ => new("flooder", "1", "acme") },
        { "one address, accounts that do not exist", number => new($"nobody {number}", "1", null) },
        { "two addresses, accounts that do not exist", number => new($"nobody {number}", $"{number % 2}", null) },
        { "one organization, many addresses", number => new($"user {number}", $"{number}", "acme") },
        { "three organizations, many addresses", number => new($"user {number}", $"{number}", $"organization {number % 3}") },
    };

    [Theory]
    [MemberData(nameof(Floods))]
    public void Waiter_with_keys_of_their_own_is_next(string flood, Func<int, QueueKeys> keysOf)
    {
        var queue = new PasswordQueue(turns: 2);
        var flooders = Enumerable.Range(0, 100).Select(number => Enter(queue, keysOf(number))).ToList();
        // Once around, so that each key of the flood was served.
        for (var turn = 0; turn < 6; turn++)
        {
            flooders.First(member => member.HasTurn && !member.HasLeft).Leave();
        }

        var victim = Enter(queue, "victim", "9", "globex");
        if (!victim.HasTurn)
        {
            flooders.First(member => member.HasTurn && !member.HasLeft).Leave();
        }

        Assert.True(victim.HasTurn, flood);
    }

    [Fact]
    public void Colleague_at_another_address_comes_before_the_address_that_floods()
    {
        var queue = new PasswordQueue(turns: 2);
        var first = Enter(queue, "0", "1", "acme");
        var flood = Enumerable.Range(1, 50).Select(number => Enter(queue, $"{number}", "1", "acme")).ToList();
        var colleague = Enter(queue, "colleague", "2", "acme");

        first.Leave();

        Assert.True(colleague.HasTurn);
        Assert.DoesNotContain(flood, member => member.HasTurn);
    }

    [Fact]
    public void Another_account_at_the_same_address_comes_before_the_account_that_floods()
    {
        var queue = new PasswordQueue(turns: 1);
        var first = Enter(queue, "flooder", "1", "acme");
        var flood = Enumerable.Range(0, 50).Select(_ => Enter(queue, "flooder", "1", "acme")).ToList();
        var other = Enter(queue, "other", "1", "acme");

        first.Leave();

        Assert.True(other.HasTurn);
        Assert.DoesNotContain(flood, member => member.HasTurn);
    }

    [Fact]
    public void Equals_are_served_in_the_order_they_came()
    {
        var queue = new PasswordQueue(turns: 1);
        var running = Enter(queue, "0", "0", "0");
        var waiting = Enumerable.Range(1, 5).Select(number => Enter(queue, $"{number}", $"{number}", $"{number}")).ToList();

        foreach (var next in waiting)
        {
            running.Leave();
            Assert.True(next.HasTurn);
            running = next;
        }
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_queue_and_no_trace()
    {
        var queue = new PasswordQueue(turns: 1);
        using var patience = new CancellationTokenSource();
        var running = Enter(queue, "ann", "1", "acme");
        var waiting = queue.EnterAsync(new QueueKeys("bob", "2", "acme"), patience.Token);
        var next = Enter(queue, "cid", "3", "acme");
        Assert.Equal(2, queue.Waiting);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        running.Leave();
        Assert.True(next.HasTurn);
        next.Leave();
        Assert.Equal(0, queue.Waiting);
        Assert.Equal(0, queue.KnownKeys);
    }

    /// <summary>
    /// Random comings and goings: the limits hold, no turn is left free that somebody may take, and in the end all were served.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Limits_hold_and_no_turn_is_lost(int turns)
    {
        var (queue, random, all) = (new PasswordQueue(turns), new Random(turns), new List<Member>());
        for (var step = 0; step < 2_000; step++)
        {
            var running = Running();
            if (running.Count > 0 && random.Next(2) == 0)
            {
                running[random.Next(running.Count)].Leave();
            }
            else
            {
                all.Add(Enter(queue, $"{random.Next(30)}", $"{random.Next(6)}", random.Next(4) is 0 ? null : $"{random.Next(4)}"));
            }
            Check();
        }
        while (Running() is { Count: > 0 } left)
        {
            left[0].Leave();
            Check();
        }
        Assert.All(all, member => Assert.True(member.HasLeft));
        Assert.Equal(0, queue.Waiting);
        Assert.Equal(0, queue.KnownKeys);

        List<Member> Running() => all.FindAll(member => member.HasTurn && !member.HasLeft);

        void Check()
        {
            var (running, share) = (Running(), Math.Max(1, turns / 2));
            Assert.InRange(running.Count, 0, turns);
            Assert.All(running.GroupBy(member => member.Keys.Account), group => Assert.Single(group));
            Assert.All(running.GroupBy(member => member.Keys.Address), group => Assert.InRange(group.Count(), 1, share));
            Assert.All(
                running.Where(member => member.Keys.Organization is not null).GroupBy(member => member.Keys.Organization),
                group => Assert.InRange(group.Count(), 1, share));
            Assert.True(running.Count == turns || all.Where(member => !member.HasTurn).All(IsHeldUp));

            bool IsHeldUp(Member waiter) =>
                running.Any(member => member.Keys.Account == waiter.Keys.Account)
                || running.Count(member => member.Keys.Address == waiter.Keys.Address) == share
                || (waiter.Keys.Organization is not null && running.Count(member => member.Keys.Organization == waiter.Keys.Organization) == share);
        }
    }

    private static Member Enter(PasswordQueue queue, string account, string address, string? organization = null) =>
        Enter(queue, new QueueKeys(account, address, organization));

    private static Member Enter(PasswordQueue queue, QueueKeys keys) => new(queue, keys);

    private sealed class Member
    {
        private readonly PasswordQueue queue;
        private readonly Task entered;

        public Member(PasswordQueue queue, QueueKeys keys)
        {
            (this.queue, Keys) = (queue, keys);
            entered = queue.EnterAsync(keys, Cancel);
        }

        public QueueKeys Keys { get; }

        public bool HasTurn => entered.IsCompleted;

        public bool HasLeft { get; private set; }

        public void Leave()
        {
            HasLeft = true;
            queue.Leave(Keys);
        }
    }
}
