using SalesBrain.Core.Agents;
using SalesBrain.Core.Security;

namespace SalesBrain.Core.Tests.Agents;

public sealed class SignInStatesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);
    private static readonly SignInStates States = new(Keys(1));
    private static readonly SignInState State = new("eu-central-1", "https://agents.example/in", Now);

    [Fact]
    public void State_is_read_for_its_browser_alone_until_it_expires()
    {
        var text = States.Create(State, "browser");

        Assert.Equal(State, States.Read(text, "browser", Now + SignInStates.Lifetime));
        Assert.Null(States.Read(text, "browser", Now + SignInStates.Lifetime + TimeSpan.FromMilliseconds(1)));
        Assert.Null(States.Read(text, "another browser", Now));
        Assert.Null(new SignInStates(Keys(2)).Read(text, "browser", Now));
    }

    [Theory]
    [InlineData('a')]
    [InlineData('&')]
    [InlineData('+')]
    [InlineData('\'')]
    public void State_with_the_longest_place_to_return_to_can_be_read(char repeated)
    {
        var state = State with { Redirect = State.Redirect + "?" + new string(repeated, SignInStates.MaxRedirect - State.Redirect.Length - 1) };

        var text = States.Create(state, "browser");

        Assert.InRange(text.Length, SignInStates.MaxRedirect, SignInStates.MaxLength);
        Assert.Equal(state, States.Read(text, "browser", Now));
    }

    [Fact]
    public void No_character_of_a_state_can_be_changed()
    {
        var text = States.Create(State, "browser");

        Assert.All(Enumerable.Range(0, text.Length), at =>
            Assert.Null(States.Read(string.Concat(text.AsSpan(0, at), text[at] == 'A' ? "B" : "A", text.AsSpan(at + 1)), "browser", Now)));
        Assert.All(
            ["", ".", "a.b", text + ".", text + "=", " " + text, text.Split('.')[0], new string('a', 5000)],
            wrong => Assert.Null(States.Read(wrong, "browser", Now)));
    }

    [Fact]
    public void States_of_one_moment_differ() => Assert.NotEqual(States.Create(State, "browser"), States.Create(State, "browser"));

    /// <summary>RFC 7636, appendix B.</summary>
    [Fact]
    public void Challenge_is_that_of_the_standard() =>
        Assert.Equal(
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", SignInStates.ChallengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));

    [Fact]
    public void Verifier_depends_on_state_and_browser_and_has_the_form_of_the_standard()
    {
        Assert.Matches("^[A-Za-z0-9._~-]{43}$", SignInStates.VerifierOf("state", "browser"));
        Assert.Equal(
            3,
            new[] { ("state", "browser"), ("state", "other"), ("other", "browser") }.Select(
                pair => SignInStates.VerifierOf(pair.Item1, pair.Item2)).Distinct().Count());
    }

    private static DataKeys Keys(byte start) =>
        new() { Keys = [new DataKey { Id = "k", Secret = Convert.ToBase64String(Enumerable.Repeat(start, 32).ToArray()) }] };
}
