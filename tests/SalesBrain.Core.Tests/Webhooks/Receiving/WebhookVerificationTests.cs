using System.Text;
using SalesBrain.Core.Webhooks.Receiving.Verification;

namespace SalesBrain.Core.Tests.Webhooks.Receiving;

public sealed class WebhookVerificationTests
{
    private const string Current = "the current secret 1";
    private const string Previous = "the previous secret 0";

    private static readonly WebhookAuthentication Header = new() { Mode = "header", Header = "X-Sales-Secret" };
    private static readonly WebhookAuthentication Basic = new() { Mode = "basic", User = "zapier" };
    private static readonly WebhookSecrets Secrets = new(Current);
    private static readonly WebhookSecrets InGrace = new(Current, Previous, Delivery.Now.AddSeconds(1));
    private static readonly WebhookSecrets OutOfGrace = new(Current, Previous, Delivery.Now);

    [Fact]
    public void Mode_token_requires_only_the_token() =>
        new Delivery("not even JSON").AssertAccepted(new WebhookAuthentication(), null);

    [Fact]
    public void Header_with_the_secret_is_accepted()
    {
        new Delivery("{}", ("x-sales-secret", Current)).AssertAccepted(Header, Secrets);
        new Delivery("{}", ("Authorization", "Bearer abcdefghijkl"))
            .AssertAccepted(Header with { Header = "authorization" }, new WebhookSecrets("Bearer abcdefghijkl"));
    }

    [Theory]
    [InlineData(null, "header X-Sales-Secret is missing")]
    [InlineData("", "header X-Sales-Secret is missing")]
    [InlineData("the current secret 2", "header X-Sales-Secret does not match")]
    [InlineData("THE CURRENT SECRET 1", "header X-Sales-Secret does not match")]
    [InlineData("the current secret", "header X-Sales-Secret does not match")]
    [InlineData(Previous, "header X-Sales-Secret matches the previous secret, which is no longer accepted")]
    public void Header_without_it_is_refused(string? value, string diagnosis) =>
        new Delivery("{}").With("X-Sales-Secret", value).AssertRefused(Header, OutOfGrace, "bad_secret", diagnosis);

    [Fact]
    public void Previous_secret_is_accepted_until_its_grace_time_ends()
    {
        var delivery = new Delivery("{}", ("X-Sales-Secret", Previous));

        Assert.True(delivery.Verify(Header, InGrace) is { IsAccepted: true, UsedPreviousSecret: true });
        Assert.True(delivery.With("X-Sales-Secret", Current).Verify(Header, InGrace) is { IsAccepted: true, UsedPreviousSecret: false });
        Assert.False(delivery.Verify(Header, OutOfGrace).IsAccepted);
        Assert.False(delivery.Verify(Header, new WebhookSecrets(Current, Previous)).IsAccepted);
    }

    [Theory]
    [InlineData("zapier", Current)]
    [InlineData("zapier", "pass:with:colons:in:it")]
    public void User_and_password_are_accepted(string user, string password) =>
        new Delivery("{}", ("authorization", "basic " + Encode($"{user}:{password}"))).AssertAccepted(Basic, new WebhookSecrets(password));

    [Fact]
    public void Anything_else_is_refused_for_basic()
    {
        Refused(null, "header Authorization is missing");
        Refused("Bearer x", "header Authorization does not use the Basic scheme");
        Refused("Basic ???", "header Authorization does not contain user:password in base64");
        Refused("Basic " + Encode("zapier"), "header Authorization does not contain user:password in base64");
        Refused("Basic " + Encode($"Zapier:{Current}"), "the user name does not match");
        Refused("Basic " + Encode("zapier:x"), "the password does not match");
        Refused("Basic " + Encode($"zapier:{Previous}"), "the password matches the previous secret, which is no longer accepted");

        static void Refused(string? value, string diagnosis) =>
            new Delivery("{}").With("Authorization", value).AssertRefused(Basic, OutOfGrace, "bad_secret", diagnosis);
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
