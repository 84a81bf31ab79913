using SalesBrain.Core.Onboarding;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding;

/// <summary>Both makers of tokens: every character of the alphabet at every place, equally often, and nothing twice.</summary>
public sealed class OnboardingTokensTests(TestApp app)
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>A fair token exceeds it once in more than 10^9 tries (61 degrees of freedom); one made by modulo is far above it.</summary>
    private const double Suspicious = 160;

    [Fact]
    public void Tokens_of_the_app_are_even_and_all_different() => AssertOfApp(100_000);

    [Fact]
    public void Million_tokens_of_the_app_are_even_and_all_different()
    {
        LargeRun.Only();
        AssertOfApp(1_000_000);
    }

    [Fact]
    public async Task Tokens_of_the_database_are_even_and_all_different_within_one_moment()
    {
        // One statement: the same now() and, but for a few, the same millisecond.
        var tokens = await app.QueryAsync<string>("select app.generate_onboarding_token() from generate_series(1, 30000)");

        AssertRandom(tokens, 30_000);
    }

    [Theory]
    [InlineData("salesbrain_tenant", true)]
    [InlineData("salesbrain_platform", true)]
    [InlineData("public", false)]
    public async Task Only_the_logins_may_make_tokens(string role, bool may) =>
        Assert.Equal(may, await app.QuerySingleAsync<bool>(
            "select has_function_privilege(@role, 'app.generate_onboarding_token()', 'execute')", new { role }));

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdefghijABCDEFGHIJ1")]
    [InlineData("0123456789abcdefghijABCDEFGHIJ123")]
    [InlineData("0123456789abcdefghijABCDEFGHIJ1-")]
    [InlineData("0123456789abcdefghijABCDEFGHIJ1 ")]
    [InlineData("0123456789abcdefghijABCDEFGHIJ1é")]
    [InlineData("0123456789abcdefghijABCDEFGHIJ1１")]
    public void Text_that_no_token_can_be_has_no_hash(string text) => Assert.Null(OnboardingTokens.Hash(text));

    private static void AssertOfApp(int count) => AssertRandom(Enumerable.Range(0, count).Select(_ => OnboardingTokens.Create()), count);

    private static void AssertRandom(IEnumerable<string> tokens, int count)
    {
        var seen = new HashSet<string>(count, StringComparer.Ordinal);
        var counts = new int[OnboardingTokens.Length, 128];
        string? before = null;
        long likeBefore = 0;
        foreach (var token in tokens)
        {
            Assert.Equal(OnboardingTokens.Length, token.Length);
            Assert.True(seen.Add(token));
            for (var i = 0; i < token.Length; i++)
            {
                counts[i, token[i] & 127]++;
                likeBefore += before is not null && before[i] == token[i] ? 1 : 0;
            }
            before = token;
        }
        Assert.Equal(count, seen.Count);
        var all = new int[128];
        for (var i = 0; i < OnboardingTokens.Length; i++)
        {
            var at = Enumerable.Range(0, 128).Select(character => counts[i, character]).ToArray();
            AssertEven(at, count, $"place {i}");
            all = [.. all.Zip(at, (a, b) => a + b)];
        }
        AssertEven(all, count * OnboardingTokens.Length, "all places");
        // What follows from the time, or from the token before, would be alike at some places: more often than one character in 62.
        var pairs = (count - 1.0) * OnboardingTokens.Length;
        Assert.InRange((likeBefore - (pairs / 62)) / Math.Sqrt(pairs * (1 / 62.0) * (61 / 62.0)), -6, 6);
    }

    private static void AssertEven(int[] counts, int total, string place)
    {
        Assert.Equal(
            Alphabet,
            string.Concat(Enumerable.Range(0, 128).Where(character => counts[character] > 0).Select(character => (char)character)));
        var expected = total / 62.0;
        var chiSquare = Alphabet.Sum(character => Math.Pow(counts[character] - expected, 2) / expected);
        Assert.True(chiSquare < Suspicious, $"Characters at {place} are uneven: chi-square {chiSquare:0}.");
    }
}
