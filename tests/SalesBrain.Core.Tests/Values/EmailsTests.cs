using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Tests.Values;

public sealed class EmailsTests
{
    [Theory]
    [InlineData("  Jane.Doe@Acme.Example\r\n", "jane.doe@acme.example")]
    [InlineData("\u00a0ÄNNE@ACME.EXAMPLE\u2003", "änne@acme.example")]
    public void Blanks_around_and_letter_case_make_no_difference(string email, string normalized) =>
        Assert.Equal(normalized, Emails.Normalize(email));

    [Fact]
    public void Normalizing_twice_changes_nothing() =>
        Prop.ForAll<NonNull<string>>(text => Emails.Normalize(Emails.Normalize(text.Get)) == Emails.Normalize(text.Get))
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a@b")]
    [InlineData(" jane@acme.example ")]
    [InlineData("o'brien+tag@sub.acme.example")]
    [InlineData("用户@例子.example")]
    [InlineData("😀@acme.example")]
    public void Plausible_address_is_valid(string email) => Assert.True(Emails.IsValid(email));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("jane")]
    [InlineData("@acme.example")]
    [InlineData("jane@")]
    [InlineData("jane@acme@example")]
    [InlineData("jane doe@acme.example")]
    [InlineData("jane@acme\u00a0.example")]
    [InlineData("jane\0@acme.example")]
    [InlineData("jane@acme.example\nbcc:x")]
    public void Address_with_a_missing_part_or_a_blank_is_not(string email) => Assert.False(Emails.IsValid(email));

    [Fact]
    public void Lone_surrogate_is_not()
    {
        // Not inline data: the runner itself can't pass a lone surrogate on.
        Assert.False(Emails.IsValid("\ud83d@acme.example"));
        Assert.False(Emails.IsValid("jane@acme.exampl\ude00"));
        Assert.False(Emails.IsValid("jane@acme.exampl\ud83d"));
    }

    [Fact]
    public void Address_over_320_characters_is_not()
    {
        var longest = new string('a', 64) + "@" + new string('b', 255);

        Assert.True(Emails.IsValid(longest));
        Assert.False(Emails.IsValid(longest + "b"));
    }
}
