using SalesBrain.Core.Imports;

namespace SalesBrain.Core.Tests.Imports;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("Row 12 has no usable address (email_invalid).", "Row 12 has no usable address (email_invalid).")]
    [InlineData("jane.doe@prospect.example was refused", "[address] was refused")]
    [InlineData("no such user <jane%40prospect.example>, try again", "no such user <[address]>, try again")]
    [InlineData("call +49 (30) 123-4567 now", "call [number] now")]
    [InlineData("key abcDEF0123456789ghij is wrong", "key [secret] is wrong")]
    [InlineData("two\r\nlines\u0000here", "two lines here")]
    [InlineData("  ", "No details.")]
    public void Text_is_one_line_without_personal_data_and_keys(string text, string clean) => Assert.Equal(clean, LogText.Clean(text));

    [Fact]
    public void Long_text_is_cut_between_characters()
    {
        var clean = LogText.Clean(new string('x', LogText.MaxLength - 1) + "😀😀");
        Assert.Equal(LogText.MaxLength - 1, clean.Length);
    }
}
