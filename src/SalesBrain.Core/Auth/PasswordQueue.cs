namespace SalesBrain.Core.Auth;

/// <summary>The keys by which turns are shared: account, IP address of the client, organization. A null key has no limit.</summary>
public sealed record QueueKeys(string? Account, string? Address, string? Organization)
{
    /// <summary>No keys, for commands that compute a hash outside of requests.</summary>
    public static readonly QueueKeys None = new(null, null, null);
}

/// <summary>
/// A limited number of turns, shared fairly. An account has one turn at a time. An IP address and an organization have at most half of the
/// turns, so that one of them alone never takes all. The next turn goes to the request whose address, organization and account were served
/// least recently. So a request with keys of its own waits for one turn to end, however many requests with other keys are waiting.
/// </summary>
public sealed class PasswordQueue(int turns)
{
    private readonly int share = Math.Max(1, turns / 2);
    private readonly Lock gate = new();
    private readonly Dictionary<string, Usage> accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Usage> addresses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Usage> organizations = new(StringComparer.Ordinal);
    private readonly LinkedList<Waiter> waiting = new();
    private int free = turns;
    private long given;

    /// <summary>How many wait for a turn.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <summary>Completes when it is the turn of these keys. Call <see cref="Leave"/> at the end of the turn.</summary>
    public Task EnterAsync(QueueKeys keys, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }
        Waiter waiter;
        lock (gate)
        {
            waiter = new Waiter(Use(accounts, keys.Account), Use(addresses, keys.Address), Use(organizations, keys.Organization));
            // While a turn is free, none of those who wait may take it.
            if (free > 0 && MayStart(waiter))
            {
                Give(waiter);
                return Task.CompletedTask;
            }
            waiting.AddLast(waiter.Place);
        }
        waiter.Cancellation = cancellationToken.UnsafeRegister((_, token) => GiveUp(waiter, token), null);
        return waiter.Turn.Task;
    }

    /// <summary>Ends a turn and gives it to the next.</summary>
    public void Leave(QueueKeys keys)
    {
        lock (gate)
        {
            free++;
            End(accounts, keys.Account);
            End(addresses, keys.Address);
            End(organizations, keys.Organization);
            while (free > 0 && Next() is { } next)
            {
                waiting.Remove(next.Place);
                Give(next);
                // Dispose would wait for a cancellation that waits for this lock.
                next.Cancellation.Unregister();
                next.Turn.SetResult();
            }
        }
    }

    /// <summary>Keys that are remembered: only those with a turn or in the queue.</summary>
    internal int KnownKeys
    {
        get
        {
            lock (gate)
            {
                return accounts.Count + addresses.Count + organizations.Count;
            }
        }
    }

    private Waiter? Next()
    {
        Waiter? next = null;
        foreach (var waiter in waiting)
        {
            // Of equals, the one who came first.
            if (MayStart(waiter) && (next is null || waiter.Rank().CompareTo(next.Rank()) < 0))
            {
                next = waiter;
            }
        }
        return next;
    }

    private bool MayStart(Waiter waiter) =>
        waiter.Account is not { Running: >= 1 }
        && (waiter.Address is null || waiter.Address.Running < share)
        && (waiter.Organization is null || waiter.Organization.Running < share);

    private void Give(Waiter waiter)
    {
        free--;
        given++;
        foreach (var usage in waiter.Usages)
        {
            usage.Running++;
            usage.LastTurn = given;
        }
    }

    private void GiveUp(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (waiter.Place.List is null)
            {
                // It was given its turn at the same moment.
                return;
            }
            waiting.Remove(waiter.Place);
            foreach (var (all, usage) in new[] { (accounts, waiter.Account), (addresses, waiter.Address), (organizations, waiter.Organization) })
            {
                Drop(all, usage);
            }
        }
        waiter.Turn.SetCanceled(cancellationToken);
    }

    private static Usage? Use(Dictionary<string, Usage> all, string? key)
    {
        if (key is null)
        {
            return null;
        }
        if (!all.TryGetValue(key, out var usage))
        {
            all[key] = usage = new Usage(key);
        }
        usage.Users++;
        return usage;
    }

    private static void End(Dictionary<string, Usage> all, string? key)
    {
        if (key is not null)
        {
            all[key].Running--;
            Drop(all, all[key]);
        }
    }

    private static void Drop(Dictionary<string, Usage> all, Usage? usage)
    {
        if (usage is not null && --usage.Users == 0)
        {
            all.Remove(usage.Key);
        }
    }

    /// <summary>What is known of a key while it has a turn or waits for one.</summary>
    private sealed class Usage(string key)
    {
        public string Key { get; } = key;

        public int Users { get; set; }

        public int Running { get; set; }

        /// <summary>The number of its last turn; 0 if it had none.</summary>
        public long LastTurn { get; set; }
    }

    private sealed class Waiter
    {
        public Waiter(Usage? account, Usage? address, Usage? organization)
        {
            (Account, Address, Organization) = (account, address, organization);
            Place = new LinkedListNode<Waiter>(this);
        }

        public Usage? Account { get; }

        public Usage? Address { get; }

        public Usage? Organization { get; }

        public IEnumerable<Usage> Usages => new[] { Account, Address, Organization }.OfType<Usage>();

        public LinkedListNode<Waiter> Place { get; }

        public CancellationTokenRegistration Cancellation { get; set; }

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The lowest is next: the most recent turn of any of its keys counts first, then the second, then the third.</summary>
        public (long Latest, long Middle, long Earliest) Rank()
        {
            Span<long> last = [Account?.LastTurn ?? 0, Address?.LastTurn ?? 0, Organization?.LastTurn ?? 0];
            last.Sort();
            return (last[2], last[1], last[0]);
        }
    }
}
