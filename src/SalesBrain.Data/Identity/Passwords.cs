using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace SalesBrain.Data.Identity;

/// <summary>
/// Hashes and checks passwords: PBKDF2 with HMAC-SHA512 in the format of ASP.NET Core's <see cref="PasswordHasher{TUser}"/>. A hash keeps a
/// processor busy for a good part of a second, so no more run at once than there are processors; others wait their turn.
/// </summary>
public sealed class Passwords : IDisposable
{
    /// <summary>Rounds per hash. Raising it makes older hashes <see cref="PasswordCheck.RightButOutdated"/>.</summary>
    public const int Iterations = 220_000;

    private readonly SemaphoreSlim turns;

    private readonly PasswordHasher<Passwords> hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    public Passwords() : this(Environment.ProcessorCount)
    {
    }

    internal Passwords(int concurrency) => turns = new SemaphoreSlim(concurrency);

    /// <summary>In place of the hash that nobody has: costs as much to check as one made today, and no password leads to it.</summary>
    internal static string NobodysHash { get; } = MakeNobodysHash();

    /// <summary>Hashes a password that <see cref="PasswordRules"/> let pass.</summary>
    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        InTurn(() => hasher.HashPassword(this, password), cancellationToken);

    /// <summary>
    /// Checks a password against the stored hash; null, when no user has the e-mail address or the user has no password yet, is wrong
    /// after the same time. Throws <see cref="FormatException"/> for a stored text that is no hash.
    /// </summary>
    public Task<PasswordCheck> VerifyAsync(string? hash, string password, CancellationToken cancellationToken) =>
        InTurn(
            () => hasher.VerifyHashedPassword(this, hash ?? NobodysHash, password) switch
            {
                PasswordVerificationResult.Success when hash is not null => PasswordCheck.Right,
                PasswordVerificationResult.SuccessRehashNeeded when hash is not null => PasswordCheck.RightButOutdated,
                _ => PasswordCheck.Wrong,
            },
            cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => turns.Dispose();

    private async Task<T> InTurn<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        try
        {
            return work();
        }
        finally
        {
            turns.Release();
        }
    }

    /// <summary>Layout: 1 (version), then as big-endian 32-bit numbers 2 (HMAC-SHA512), rounds and salt length, then 16 bytes of salt and 32 of key.</summary>
    private static string MakeNobodysHash()
    {
        var hash = new byte[13 + 16 + 32];
        hash[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(1), 2);
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(5), Iterations);
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(9), 16);
        return Convert.ToBase64String(hash);
    }
}

/// <summary>What came of checking a password.</summary>
public enum PasswordCheck
{
    Wrong,
    Right,

    /// <summary>Right, but hashed with weaker parameters than today's: hash it again and store that.</summary>
    RightButOutdated,
}
