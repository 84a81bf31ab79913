using SalesBrain.Core.Whatsapp;

namespace SalesBrain.Core.Tests.Whatsapp;

public sealed class SignupRulesTests
{
    private static readonly string[] Scopes = ["whatsapp_business_management", "whatsapp_business_messaging"];

    [Fact]
    public void Token_of_the_app_for_the_account_can_be_used() =>
        Assert.Null(SignupRules.FindRefusal(true, "1", Scopes, ["7", "8"], "1", "8"));

    [Theory]
    [InlineData(false, "1", 2, "8", TokenRefusal.Invalid)]
    [InlineData(true, "2", 2, "8", TokenRefusal.OtherApp)]
    [InlineData(true, null, 2, "8", TokenRefusal.OtherApp)]
    [InlineData(true, "1", 1, "8", TokenRefusal.ScopeMissing)]
    [InlineData(true, "1", 2, "9", TokenRefusal.AccountNotGranted)]
    public void Other_token_is_refused(bool isValid, string? appId, int scopes, string wabaId, TokenRefusal refusal) =>
        Assert.Equal(refusal, SignupRules.FindRefusal(isValid, appId, Scopes[..scopes], ["7", "8"], "1", wabaId));

    [Theory]
    [InlineData("1 2", "2", null, "2")]
    [InlineData("1 2", "3", null, null)]
    [InlineData("1", "3", "1", null)]
    [InlineData("1 2", null, "2", "2")]
    [InlineData("1 2", null, "3", null)]
    [InlineData("1 2", null, null, null)]
    [InlineData("1", null, null, "1")]
    [InlineData("1", null, "3", "1")]
    public void Number_is_the_wanted_one_or_that_of_before_or_the_only_one(
        string numbers, string? wanted, string? before, string? chosen) =>
        Assert.Equal(chosen, SignupRules.ChooseNumber(numbers.Split(' '), wanted, before));
}
