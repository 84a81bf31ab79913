using System.Text;
using SalesBrain.Core.Security;

namespace SalesBrain.Core.Tests.Security;

public sealed class MessageCodesTests
{
    private static readonly byte[] Message = Encoding.UTF8.GetBytes("message");

    [Fact]
    public void Code_holds_for_its_message_and_purpose_alone()
    {
        var code = CodesOf("purpose", 1).Sign(Message);

        Assert.Equal(MessageCodes.Length, code.Length);
        Assert.True(CodesOf("purpose", 1).Verify(Message, code));
        Assert.False(CodesOf("purpose", 1).Verify("massage"u8, code));
        Assert.False(CodesOf("purpose", 1).Verify(Message, code.AsSpan(1)));
        Assert.False(CodesOf("purpose", 1).Verify(Message, []));
        Assert.False(CodesOf("another purpose", 1).Verify(Message, code));
        Assert.False(CodesOf("purpose", 2).Verify(Message, code));
    }

    [Fact]
    public void First_key_signs_and_all_verify()
    {
        var (old, both, changed) = (CodesOf("purpose", 1), CodesOf("purpose", 2, 1), CodesOf("purpose", 2));

        Assert.True(both.Verify(Message, old.Sign(Message)));
        Assert.True(both.Verify(Message, changed.Sign(Message)));
        Assert.Equal(changed.Sign(Message), both.Sign(Message));
        Assert.False(changed.Verify(Message, old.Sign(Message)));
    }

    private static MessageCodes CodesOf(string purpose, params byte[] keys) => new(
        new DataKeys { Keys = [.. keys.Select(key => new DataKey { Id = $"{key}", Secret = Convert.ToBase64String(Enumerable.Repeat(key, 32).ToArray()) })] },
        purpose);
}
