using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Auth;

/// <summary>
/// Hashes and checks passwords in Unicode NFKC, so that it does not matter how a keyboard writes a letter: PBKDF2 with HMAC-SHA512 in the format of ASP.NET Core's <see cref="PasswordHasher{TUser}"/>. A hash keeps a
/// processor busy for a good part of a second, so no more run at once than there are processors; others wait their turn.
/// </summary>
public sealed class Passwords : IDisposable
{
    /// <summary>Rounds per hash. Raising it makes older hashes <see cref="PasswordCheck.RightButOutdated"/>.</summary>
    public const int Iterations = 220_000;

    private readonly SemaphoreSlim turns;
    private readonly PasswordHasher<Passwords> hasher;
    private long computed;

    public Passwords() : this(Environment.ProcessorCount)
    {
    }

    /// <summary>Fewer rounds are for tests that sign in often.</summary>
    internal Passwords(int concurrency, int iterations = Iterations)
    {
        turns = new SemaphoreSlim(concurrency);
        hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        DummyHash = MakeNobodysHash(iterations);
    }

    /// <summary>Used for unknown accounts. Verifying it takes as long as verifying a real hash, and no password matches it.</summary>
    internal string DummyHash { get; }

    /// <summary>How many hashes were computed so far.</summary>
    internal long Computed => Interlocked.Read(ref computed);

    /// <summary>Waits for a free slot. Dispose the result to free the slot.</summary>
    public async Task<PasswordTurn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        return new PasswordTurn(this);
    }

    /// <summary>Hashes a password that <see cref="PasswordRules"/> let pass.</summary>
    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        return turn.Hash(password);
    }

    /// <summary>Checks a password as <see cref="PasswordTurn.Verify"/> does.</summary>
    public async Task<PasswordCheck> VerifyAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        return turn.Verify(hash, password);
    }

    /// <inheritdoc/>
    public void Dispose() => turns.Dispose();

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

    internal void GiveBackTurn() => turns.Release();

    /// <summary>Layout: 1 (version), then as big-endian 32-bit numbers 2 (HMAC-SHA512), rounds and salt length, then 16 bytes of salt and 32 of key.</summary>
    private static string MakeNobodysHash(int iterations)
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
    private Passwords? passwords;

    internal PasswordTurn(Passwords passwords) => this.passwords = passwords;

    private Passwords Mine => passwords ?? throw new ObjectDisposedException(nameof(PasswordTurn));

    /// <summary>Hashes a password that <see cref="PasswordRules"/> let pass.</summary>
    public string Hash(string password) => Mine.Hash(password);

    /// <summary>
    /// Checks a password against the stored hash; null, when no user has the e-mail address or the user has no password yet, is wrong
    /// after the same time. Throws <see cref="FormatException"/> for a stored text that is no hash.
    /// </summary>
    public PasswordCheck Verify(string? hash, string password) => Mine.Verify(hash, password);

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref passwords, null)?.GiveBackTurn();
}

/// <summary>The result of a password check.</summary>
public enum PasswordCheck
{
    Wrong,
    Right,

    /// <summary>Right, but hashed with weaker parameters than today's: hash it again and store that.</summary>
    RightButOutdated,
}
