using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Auth;

/// <summary>
/// Hashes and checks passwords: PBKDF2 with HMAC-SHA512 in the format of ASP.NET Core's <see cref="PasswordHasher{TUser}"/>. Passwords are
/// compared in Unicode NFKC, so that it does not matter how a keyboard writes a letter. A hash keeps a processor busy for a good part of a
/// second, so no more run at once than there are processors. Others wait in a <see cref="PasswordQueue"/>, for a limited time.
/// </summary>
public sealed class Passwords
{
    /// <summary>Rounds per hash. Raising it makes older hashes <see cref="PasswordCheck.RightButOutdated"/>.</summary>
    public const int Iterations = 220_000;

    /// <summary>How long a caller waits for a turn.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly PasswordQueue queue;
    private readonly TimeProvider clock;
    private readonly PasswordHasher<Passwords> hasher;
    private long computed;

    public Passwords(TimeProvider clock) : this(Environment.ProcessorCount, clock)
    {
    }

    /// <summary>Fewer rounds are for tests that sign in often.</summary>
    internal Passwords(int concurrency, TimeProvider clock, int iterations = Iterations)
    {
        this.clock = clock;
        queue = new PasswordQueue(concurrency);
        hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        DummyHash = CreateDummyHash(iterations);
    }

    /// <summary>Used for unknown accounts. Verifying it takes as long as verifying a real hash, and no password matches it.</summary>
    internal string DummyHash { get; }

    /// <summary>How many hashes were computed so far.</summary>
    internal long Computed => Interlocked.Read(ref computed);

    /// <summary>How many wait for a turn.</summary>
    internal int Waiting => queue.Waiting;

    /// <summary>For tests: called at the beginning of each turn.</summary>
    internal Action<QueueKeys>? TurnBegins { get; set; }

    /// <summary>
    /// Waits for a turn; null if there was none within <see cref="LongestWait"/>. Dispose the result to let the next one have it.
    /// </summary>
    public async Task<PasswordTurn?> TakeTurnAsync(QueueKeys keys, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestWait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await queue.EnterAsync(keys, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        TurnBegins?.Invoke(keys);
        return new PasswordTurn(this, keys);
    }

    /// <summary>
    /// Hashes a password that <see cref="PasswordRules"/> let pass; null if no turn came within <see cref="LongestWait"/>.
    /// </summary>
    public async Task<string?> HashAsync(string password, QueueKeys keys, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(keys, cancellationToken);
        return turn?.Hash(password);
    }

    /// <summary>Hashes a password outside of a request, however long that takes.</summary>
    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        await queue.EnterAsync(QueueKeys.None, cancellationToken);
        using var turn = new PasswordTurn(this, QueueKeys.None);
        return turn.Hash(password);
    }

    internal string Hash(string password)
    {
        Interlocked.Increment(ref computed);
        return hasher.HashPassword(this, NormalForms.Nfkc(password));
    }

    internal PasswordCheck Verify(string? hash, string password)
    {
        var normal = NormalForms.Nfkc(password);
        var check = VerifyExactly(hash, normal);
        // Hashes from before the normal form are of the password as it was typed. The second hash is computed for unknown accounts too.
        return check == PasswordCheck.Wrong && normal != password && VerifyExactly(hash, password) != PasswordCheck.Wrong
            ? PasswordCheck.RightButOutdated
            : check;
    }

    private PasswordCheck VerifyExactly(string? hash, string password)
    {
        Interlocked.Increment(ref computed);
        return hasher.VerifyHashedPassword(this, hash ?? DummyHash, password) switch
        {
            PasswordVerificationResult.Success when hash is not null => PasswordCheck.Right,
            PasswordVerificationResult.SuccessRehashNeeded when hash is not null => PasswordCheck.RightButOutdated,
            _ => PasswordCheck.Wrong,
        };
    }

    internal void GiveBackTurn(QueueKeys keys) => queue.Leave(keys);

    /// <summary>
    /// Layout: 1 (version), then as big-endian 32-bit numbers 2 (HMAC-SHA512), rounds and salt length, then 16 bytes of salt and 32 of key.
    /// </summary>
    private static string CreateDummyHash(int iterations)
    {
        var hash = new byte[13 + 16 + 32];
        hash[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(1), 2);
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(5), iterations);
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(9), 16);
        return Convert.ToBase64String(hash);
    }
}

/// <summary>A turn at computing hashes, on the thread that asks. Dispose it to let the next one have it.</summary>
public sealed class PasswordTurn : IDisposable
{
    private readonly QueueKeys keys;
    private Passwords? passwords;

    internal PasswordTurn(Passwords passwords, QueueKeys keys) => (this.passwords, this.keys) = (passwords, keys);

    private Passwords Mine => passwords ?? throw new ObjectDisposedException(nameof(PasswordTurn));

    /// <summary>Hashes a password that <see cref="PasswordRules"/> let pass.</summary>
    public string Hash(string password) => Mine.Hash(password);

    /// <summary>
    /// Checks a password against the stored hash; null, when no user has the e-mail address or the user has no password yet, is wrong
    /// after the same time. Throws <see cref="FormatException"/> for a stored text that is no hash.
    /// </summary>
    public PasswordCheck Verify(string? hash, string password) => Mine.Verify(hash, password);

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref passwords, null)?.GiveBackTurn(keys);
}

/// <summary>The result of a password check.</summary>
public enum PasswordCheck
{
    Wrong,
    Right,

    /// <summary>Right, but hashed with weaker parameters than today's: hash it again and store that.</summary>
    RightButOutdated,
}
