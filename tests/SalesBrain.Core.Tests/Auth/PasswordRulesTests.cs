using SalesBrain.Core.Auth;

namespace SalesBrain.Core.Tests.Auth;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("salesbrain-demo")]
    [InlineData("            ")]
    [InlineData("пароль-длинный")]
    [InlineData("correct horse battery staple")]
    public void Long_enough_and_uncommon_is_enough(string password) => Assert.Null(PasswordRules.Problem(password));

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public void Under_12_characters_is_too_short(int length) =>
        Assert.Equal("must have at least 12 characters", PasswordRules.Problem(new string('ß', length)));

    [Fact]
    public void Over_256_characters_is_too_long()
    {
        Assert.Null(PasswordRules.Problem(new string('ß', 256)));
        Assert.Equal("must have at most 256 characters", PasswordRules.Problem(new string('ß', 257)));
    }

    [Fact]
    public void Emoji_counts_as_one_character()
    {
        Assert.NotNull(PasswordRules.Problem(string.Concat(Enumerable.Repeat("😀", 11))));
        Assert.Null(PasswordRules.Problem(string.Concat(Enumerable.Repeat("😀", 12))));
        Assert.Null(PasswordRules.Problem(string.Concat(Enumerable.Repeat("😀", 256))));
    }

    [Fact]
    public void Normal_form_is_what_counts()
    {
        Assert.Equal("must have at least 12 characters", PasswordRules.Problem(string.Concat(Enumerable.Repeat("e\u0301", 11))));
        Assert.Null(PasswordRules.Problem(string.Concat(Enumerable.Repeat("e\u0301", 256))));
        Assert.NotNull(PasswordRules.Problem("\uFF51\uFF57\uFF45\uFF52\uFF54\uFF59qwerty"));
    }

    [Theory]
    [InlineData("123qweasdzxc")]
    [InlineData("qwertyqwerty")]
    [InlineData("Administrator")]
    [InlineData("LEAVEMEALONE")]
    public void Most_common_password_is_refused_in_any_case(string password) =>
        Assert.Equal("is one of the 10,000 most common passwords; choose another", PasswordRules.Problem(password));
}
