using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Auth;

namespace SalesBrain.Core.Tests.Auth;

public sealed class PasswordsTests
{
    private readonly Passwords passwords = new(concurrency: 1, TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Password_is_right_against_its_own_hash_only()
    {
        var hash = await passwords.HashAsync("correct horse battery", Cancel);

        Assert.Equal(PasswordCheck.Right, await VerifyAsync(hash, "correct horse battery"));
        Assert.Equal(PasswordCheck.Wrong, await VerifyAsync(hash, "Correct horse battery"));
    }

    [Fact]
    public async Task Hash_with_fewer_rounds_is_outdated()
    {
        var hash = HashWith(iterations: 1_000, "correct horse battery");

        Assert.Equal(PasswordCheck.RightButOutdated, await VerifyAsync(hash, "correct horse battery"));
        Assert.Equal(PasswordCheck.Wrong, await VerifyAsync(hash, "wrong horse battery"));
    }

    [Theory]
    [InlineData("pa\u0301ssword \uFB01ne enough", "p\u00E1ssword fine enough")]
    [InlineData("\uFF50\uFF41\uFF53\uFF53phrase of mine", "passphrase of mine")]
    public async Task Normal_form_makes_no_difference(string one, string other)
    {
        Assert.Equal(PasswordCheck.Right, await VerifyAsync(await passwords.HashAsync(one, Cancel), other));
        Assert.Equal(PasswordCheck.Right, await VerifyAsync(await passwords.HashAsync(other, Cancel), one));
    }

    [Fact]
    public async Task Hash_of_the_password_as_typed_stays_right_and_is_outdated()
    {
        const string Typed = "pa\u0301ssword \uFB01ne enough";
        var hash = HashWith(Passwords.Iterations, Typed);

        Assert.Equal(PasswordCheck.RightButOutdated, await VerifyAsync(hash, Typed));
        Assert.Equal(PasswordCheck.Wrong, await VerifyAsync(hash, "p\u00E1ssword fine enough"));
    }

    [Fact]
    public async Task Check_costs_the_same_with_and_without_an_account()
    {
        var hash = await passwords.HashAsync("correct horse battery", Cancel);
        foreach (var (password, hashes) in new[] { ("wrong horse battery", 1), ("wro\u0301ng horse battery", 2) })
        {
            var before = passwords.Computed;
            await VerifyAsync(hash, password);
            Assert.Equal(hashes, passwords.Computed - before);
            await VerifyAsync(null, password);
            Assert.Equal(2 * hashes, passwords.Computed - before);
        }
    }

    [Fact]
    public async Task Missing_hash_is_wrong_at_the_price_of_a_real_one()
    {
        var real = Convert.FromBase64String(await passwords.HashAsync("correct horse battery", Cancel));
        var nobodys = Convert.FromBase64String(passwords.DummyHash);

        // Version, pseudo-random function, rounds and salt length: all that the cost depends on.
        Assert.Equal(real[..13], nobodys[..13]);
        Assert.Equal(real.Length, nobodys.Length);
        Assert.Equal(Passwords.Iterations, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(nobodys.AsSpan(5)));
        Assert.Equal(PasswordCheck.Wrong, await VerifyAsync(null, "correct horse battery"));
    }

    [Fact]
    public async Task Failed_check_gives_its_turn_back()
    {
        var hash = HashWith(iterations: 1_000, "correct horse battery");

        await Assert.ThrowsAsync<FormatException>(() => VerifyAsync("no hash", "correct horse battery"));

        Assert.Equal(PasswordCheck.RightButOutdated, await VerifyAsync(hash, "correct horse battery"));
    }

    [Fact]
    public async Task Waiting_for_a_turn_can_be_cancelled()
    {
        var noTurns = new Passwords(concurrency: 0, TimeProvider.System);
        using var request = new CancellationTokenSource();

        var waiting = noTurns.HashAsync("correct horse battery", Someone, request.Token);
        Assert.False(waiting.IsCompleted);
        await request.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, noTurns.Waiting);
    }

    [Fact]
    public async Task Wait_for_a_turn_ends_after_five_seconds()
    {
        var clock = new FakeTimeProvider();
        var noTurns = new Passwords(concurrency: 0, clock);

        var waiting = noTurns.HashAsync("correct horse battery", Someone, Cancel);
        clock.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(await waiting);
        Assert.Equal(0, noTurns.Waiting);
        Assert.Equal(0, noTurns.Computed);
    }

    private static QueueKeys Someone => new("account", "address", "organization");

    private async Task<PasswordCheck> VerifyAsync(string? hash, string password)
    {
        using var turn = await passwords.TakeTurnAsync(Someone, Cancel);
        return turn!.Verify(hash, password);
    }

    private static string HashWith(int iterations, string password) =>
        new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = iterations }))
            .HashPassword(new object(), password);
}
