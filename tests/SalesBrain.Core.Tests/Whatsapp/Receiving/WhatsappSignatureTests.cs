using System.Text;
using SalesBrain.Core.Whatsapp.Receiving;

namespace SalesBrain.Core.Tests.Whatsapp.Receiving;

public sealed class WhatsappSignatureTests
{
    private const string Secret = "test-app-secret";
    private const string Escaped =
        """{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","text":"h\u00e9llo \ud83d\ude00 \/"}}]}]}""";

    [Theory]
    [InlineData("""{"object":"whatsapp_business_account","entry":[]}""", "c84a394cc475525991e78ff16e430b02e47f953877d2af0ade26956ce6f384dc")]
    [InlineData("", "a7dfadfa864dba471c925e814eca5ee032a7ded01574b16ac33dd477b5d6d0f7")]
    [InlineData(Escaped, "57455eb2b5661d9ab82dc54e997f13ebbd6295bc822e356b004ddeb6320222e3")]
    public void Signature_of_the_raw_bytes_matches(string body, string signature)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        Assert.Equal($"sha256={signature}", WhatsappSignature.Of(bytes, Secret));
        Assert.True(WhatsappSignature.Matches($"sha256={signature}", bytes, Secret));
        Assert.True(WhatsappSignature.Matches($"SHA256={signature.ToUpperInvariant()}", bytes, Secret));
    }

    [Fact]
    public void Any_flipped_bit_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(Escaped);
        var signature = WhatsappSignature.Of(bytes, Secret);
        for (var i = 0; i < bytes.Length * 8; i++)
        {
            bytes[i / 8] ^= (byte)(1 << (i % 8));
            Assert.False(WhatsappSignature.Matches(signature, bytes, Secret));
            bytes[i / 8] ^= (byte)(1 << (i % 8));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("c84a394cc475525991e78ff16e430b02e47f953877d2af0ade26956ce6f384dc")]
    [InlineData("sha1=c84a394cc475525991e78ff16e430b02e47f953877d2af0ade26956ce6f384dc")]
    [InlineData("sha256=c84a394cc475525991e78ff16e430b02e47f953877d2af0ade26956ce6f384")]
    [InlineData("sha256=c84a394cc475525991e78ff16e430b02e47f953877d2af0ade26956ce6f384dc00")]
    [InlineData("sha256=c84a394cc475525991e78ff16e430b02e47f953877d2af0ade26956ce6f384dcc84a394cc475525991e78ff16e430b02e47f953877d2af0ade26956ce6f384dc")]
    [InlineData("sha256=not hexadecimal at all, but as long as a signature: 0123456789abcdef01")]
    public void Other_headers_are_refused(string? header) =>
        Assert.False(WhatsappSignature.Matches(header, """{"object":"whatsapp_business_account","entry":[]}"""u8, Secret));

    [Fact]
    public void Without_a_secret_nothing_is_accepted() =>
        Assert.False(WhatsappSignature.Matches(WhatsappSignature.Of("{}"u8, ""), "{}"u8, ""));

    [Theory]
    [InlineData("subscribe", "meatyhamhock", "1158201444")]
    [InlineData("subscribe", "meatyhamhoc", null)]
    [InlineData("subscribe", "MEATYHAMHOCK", null)]
    [InlineData("unsubscribe", "meatyhamhock", null)]
    [InlineData(null, "meatyhamhock", null)]
    [InlineData("subscribe", null, null)]
    public void Challenge_is_for_who_knows_the_token(string? mode, string? token, string? expected) =>
        Assert.Equal(expected, WhatsappVerification.ChallengeOf(mode, token, "1158201444", "meatyhamhock"));

    [Fact]
    public void Without_a_token_there_is_no_challenge() =>
        Assert.Null(WhatsappVerification.ChallengeOf("subscribe", "", "1158201444", ""));
}
