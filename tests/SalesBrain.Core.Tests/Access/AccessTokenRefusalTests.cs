using System.Security.Cryptography;
using System.Text;
using SalesBrain.Core.Access;
using static SalesBrain.Core.Tests.Access.TokenForge;

namespace SalesBrain.Core.Tests.Access;

/// <summary>The corpus of tokens that must not pass, most of them known attacks (RFC 8725, sections 2 and 3).</summary>
public sealed class AccessTokenRefusalTests
{
    private static readonly string Good = Sign(Header, Payload);

    /// <summary>
    /// RFC 7515, appendix A.1: the one published HS256 vector. Its header isn't ours, so it goes in below the header check.
    /// </summary>
    [Fact]
    public void Signature_of_the_rfc_7515_vector_verifies()
    {
        var key = Convert.FromBase64String(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ+EstJQLr/T+1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow==");
        const string signed =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" +
            ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

        Assert.True(AccessTokens.IsSignature("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", key, signed));
        Assert.False(AccessTokens.IsSignature("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", Secret, signed));
        Assert.False(AccessTokens.IsSignature("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl", key, signed));
    }

    [Fact]
    public void Forged_token_without_changes_is_accepted() => Assert.Null(Refusal(Good));

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("nOnE")]
    [InlineData("n\\u006fne")]
    [InlineData("none ")]
    [InlineData("")]
    public void Algorithm_none_in_any_spelling_is_refused_signed_or_not(string none)
    {
        var header = $$"""{"alg":"{{none}}","typ":"JWT","kid":"k1"}""";

        Assert.Equal(AccessTokenRefusal.UnknownHeader, Refusal(Sign(header, Payload)));
        Assert.Equal(AccessTokenRefusal.UnknownHeader, Refusal($"{Encode(header)}.{Encode(Payload)}."));
        Assert.Equal(AccessTokenRefusal.NotThreeSegments, Refusal($"{Encode(header)}.{Encode(Payload)}"));
    }

    [Theory]
    [InlineData("""{"alg":"HS384","typ":"JWT","kid":"k1"}""")]
    [InlineData("""{"alg":"HS512","typ":"JWT","kid":"k1"}""")]
    [InlineData("""{"alg":"RS256","typ":"JWT","kid":"k1"}""")]
    [InlineData("""{"alg":"ES256","typ":"JWT","kid":"k1"}""")]
    [InlineData("""{"alg":"hs256","typ":"JWT","kid":"k1"}""")]
    [InlineData("""{"alg":["HS256"],"typ":"JWT","kid":"k1"}""")]
    [InlineData("""{"alg":null,"typ":"JWT","kid":"k1"}""")]
    [InlineData("""{"typ":"JWT","kid":"k1"}""")]
    public void Other_algorithm_is_refused(string header) => Assert.Equal(AccessTokenRefusal.UnknownHeader, Refusal(Sign(header, Payload)));

    [Fact]
    public void Signature_of_another_algorithm_under_our_header_is_refused()
    {
        var signed = $"{Encode(Header)}.{Encode(Payload)}";

        Assert.Equal(
            AccessTokenRefusal.BadSignature, Refusal($"{signed}.{Encode(HMACSHA384.HashData(Secret, Encoding.ASCII.GetBytes(signed)))}"));
        Assert.Equal(
            AccessTokenRefusal.BadSignature, Refusal($"{signed}.{Encode(HMACSHA512.HashData(Secret, Encoding.ASCII.GetBytes(signed)))}"));
        Assert.Equal(AccessTokenRefusal.BadSignature, Refusal($"{signed}.{Encode(SHA256.HashData(Encoding.ASCII.GetBytes(signed)))}"));
    }

    [Theory]
    [InlineData("""{"alg":"HS256","typ":"at+jwt","kid":"k1"}""")]
    [InlineData("""{"alg":"HS256","typ":"jwt","kid":"k1"}""")]
    [InlineData("""{"alg":"HS256","kid":"k1"}""")]
    public void Other_type_is_refused(string header) => Assert.Equal(AccessTokenRefusal.UnknownHeader, Refusal(Sign(header, Payload)));

    [Theory]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"k2"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":""}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"K1"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"../../dev/null"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"k1' or '1'='1"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"k1\u0000"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":["k1"]}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT"}""")]
    public void Key_id_that_is_none_of_ours_is_refused(string header)
    {
        Assert.Equal(AccessTokenRefusal.UnknownHeader, Refusal(Sign(header, Payload)));
        Assert.Equal(AccessTokenRefusal.UnknownHeader, Refusal(Sign(header, Payload, new byte[1])));
    }

    [Fact]
    public void One_key_does_not_verify_under_the_name_of_another() =>
        Assert.Equal(AccessTokenRefusal.BadSignature, Refusal(Sign("""{"alg":"HS256","typ":"JWT","kid":"k0"}""", Payload)));

    [Theory]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"k1","jku":"https://attacker.example/keys"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"k1","x5u":"https://attacker.example/cert"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"k1","jwk":{"kty":"oct","k":"AQ"}}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"k1","crit":["b64"],"b64":false}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"k1","crit":[]}""")]
    [InlineData("""{"alg":"HS256","alg":"none","typ":"JWT","kid":"k1"}""")]
    [InlineData("""{"alg":"none","alg":"HS256","typ":"JWT","kid":"k1"}""")]
    [InlineData("""{"alg":"HS256","\u0061lg":"none","typ":"JWT","kid":"k1"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"k1","kid":"k0"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"k1"} """)]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"k1"}{}""")]
    [InlineData("\ufeff{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}")]
    [InlineData("""["HS256"]""")]
    [InlineData("null")]
    [InlineData("")]
    public void Header_with_anything_more_or_else_is_refused(string header) =>
        Assert.Equal(AccessTokenRefusal.UnknownHeader, Refusal(Sign(header, Payload)));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a")]
    [InlineData("a.b")]
    public void Too_few_segments_are_refused(string token) => Assert.Equal(AccessTokenRefusal.NotThreeSegments, Refusal(token));

    [Fact]
    public void Too_many_segments_are_refused()
    {
        Assert.Equal(AccessTokenRefusal.NotThreeSegments, Refusal(Good + "."));
        Assert.Equal(AccessTokenRefusal.NotThreeSegments, Refusal("." + Good));
        Assert.Equal(AccessTokenRefusal.NotThreeSegments, Refusal(Good + ".e30"));
        Assert.Equal(AccessTokenRefusal.NotThreeSegments, Refusal(new string('.', AccessTokens.MaxLength)));
    }

    [Fact]
    public void Missing_or_cut_signature_is_refused()
    {
        var end = Good.LastIndexOf('.') + 1;

        Assert.Equal(AccessTokenRefusal.NotThreeSegments, Refusal(Good[..(end - 1)]));
        Assert.Equal(AccessTokenRefusal.BadSignature, Refusal(Good[..end]));
        Assert.Equal(AccessTokenRefusal.BadSignature, Refusal(Good[..(end + 1)]));
        Assert.Equal(AccessTokenRefusal.BadSignature, Refusal(Good[..^1]));
        Assert.Equal(AccessTokenRefusal.BadSignature, Refusal(Good[..end] + new string('A', 43)));
    }

    [Fact]
    public void Payload_of_another_token_is_refused()
    {
        var signature = Good[Good.LastIndexOf('.')..];

        Assert.Equal(
            AccessTokenRefusal.BadSignature, Refusal($"{Encode(Header)}.{Encode(Payload.Replace("owner", "sb_admin"))}{signature}"));
        Assert.Equal(AccessTokenRefusal.BadSignature, Refusal($"{Encode(Header)}.{signature}"));
    }

    [Fact]
    public void Second_spelling_of_the_same_bytes_is_refused()
    {
        // 32 bytes take 43 characters and leave the last two bits of the last one unused: three more characters decode to the same
        // signature.
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var last = alphabet.IndexOf(Good[^1]);

        for (var bits = 1; bits < 4; bits++)
        {
            Assert.Equal(AccessTokenRefusal.BadSignature, Refusal(Good[..^1] + alphabet[last + bits]));
        }
        Assert.Equal(AccessTokenRefusal.BadSignature, Refusal(Good + "="));
        Assert.Equal(AccessTokenRefusal.BadSignature, Refusal(Good + "%3D"));
        Assert.Equal(AccessTokenRefusal.BadSignature, Refusal(Good.Insert(Good.Length - 4, "\n")));
    }

    [Theory]
    [InlineData(" {0}", AccessTokenRefusal.UnknownHeader)]
    [InlineData("\t{0}", AccessTokenRefusal.UnknownHeader)]
    [InlineData("{0} ", AccessTokenRefusal.BadSignature)]
    [InlineData("{0}\0", AccessTokenRefusal.BadSignature)]
    [InlineData("Bearer {0}", AccessTokenRefusal.UnknownHeader)]
    public void Anything_around_the_token_is_refused(string around, AccessTokenRefusal reason) =>
        Assert.Equal(reason, Refusal(string.Format(around, Good)));

    [Fact]
    public void Payload_spelled_with_padding_blanks_or_trailing_bits_is_refused_even_when_signed()
    {
        var header = Encode(Header);
        var payload = Encode(Payload.PadRight(Payload.Length / 3 * 3 + 4));
        Assert.Equal(2, payload.Length % 4);

        Assert.Null(Refusal(SignSegments(header, payload)));
        Assert.Equal(AccessTokenRefusal.BadPayload, Refusal(SignSegments(header, payload + "==")));
        Assert.Equal(AccessTokenRefusal.BadPayload, Refusal(SignSegments(header, payload.Insert(8, " "))));
        Assert.Equal(AccessTokenRefusal.BadPayload, Refusal(SignSegments(header, payload[..^1] + (char)(payload[^1] + 1))));
        Assert.Equal(AccessTokenRefusal.BadPayload, Refusal(SignSegments(header, "+/+/")));
        Assert.Equal(AccessTokenRefusal.BadPayload, Refusal(SignSegments(header, "A")));
    }

    [Fact]
    public void Token_over_4_KiB_is_refused_before_anything_else()
    {
        var longest = Encode(Payload.PadRight(2 * AccessTokens.MaxLength))
            .Substring(0, AccessTokens.MaxLength - Encode(Header).Length - 45);

        Assert.Equal(AccessTokens.MaxLength, SignSegments(Encode(Header), longest).Length);
        Assert.NotEqual(AccessTokenRefusal.TooLong, Refusal(SignSegments(Encode(Header), longest)));
        Assert.Equal(AccessTokenRefusal.TooLong, Refusal(SignSegments(Encode(Header), longest + "A")));
    }

    [Theory]
    [InlineData("\"iss\":\"https://salesbrain.example\"", "\"iss\":\"https://salesbrain.example/\"", AccessTokenRefusal.WrongIssuer)]
    [InlineData("\"iss\":\"https://salesbrain.example\"", "\"iss\":\"\"", AccessTokenRefusal.WrongIssuer)]
    [InlineData("\"iss\":\"https://salesbrain.example\"", "\"iss\":null", AccessTokenRefusal.BadPayload)]
    [InlineData("\"aud\":\"salesbrain-api\"", "\"aud\":\"Salesbrain-API\"", AccessTokenRefusal.WrongAudience)]
    [InlineData("\"aud\":\"salesbrain-api\"", "\"aud\":[\"salesbrain-api\"]", AccessTokenRefusal.BadPayload)]
    [InlineData("\"exp\":1800000900", "\"exp\":1799999970", AccessTokenRefusal.Expired)]
    [InlineData("\"exp\":1800000900", "\"exp\":-9223372036854775808", AccessTokenRefusal.Expired)]
    [InlineData("\"exp\":1800000900", "\"exp\":0", AccessTokenRefusal.Expired)]
    [InlineData("\"exp\":1800000900", "\"exp\":\"1800000900\"", AccessTokenRefusal.BadPayload)]
    [InlineData("\"exp\":1800000900", "\"exp\":1e300", AccessTokenRefusal.BadPayload)]
    [InlineData("\"exp\":1800000900", "\"exp\":1800000900.5", AccessTokenRefusal.BadPayload)]
    [InlineData("\"exp\":1800000900", "\"exp\":null", AccessTokenRefusal.BadPayload)]
    [InlineData("\"nbf\":1800000000", "\"nbf\":1800000031", AccessTokenRefusal.NotYetValid)]
    [InlineData("\"nbf\":1800000000", "\"nbf\":9223372036854775807", AccessTokenRefusal.NotYetValid)]
    [InlineData("\"iat\":1800000000", "\"iat\":1800000031", AccessTokenRefusal.NotYetValid)]
    [InlineData("\"role\":\"owner\"", "\"role\":\"god\"", AccessTokenRefusal.BadPayload)]
    [InlineData("\"role\":\"owner\"", "\"role\":1", AccessTokenRefusal.BadPayload)]
    [InlineData("\"role\":\"owner\"", "\"role\":\"sb_admin\"", AccessTokenRefusal.BadPayload)]
    [InlineData("\"role\":\"owner\"", "\"role\":\"agency_admin\"", AccessTokenRefusal.BadPayload)]
    [InlineData("\"role\":\"owner\"", "\"role\":\"client_user\"", AccessTokenRefusal.BadPayload)]
    [InlineData("\"role\":\"owner\"", "\"role\":\"owner\",\"agency\":\"0198c7d2-0000-7000-8000-000000000004\"", AccessTokenRefusal.BadPayload)]
    [InlineData("\"role\":\"owner\"", "\"role\":\"\\ud800\"", AccessTokenRefusal.BadPayload)]
    [InlineData("\"role\":\"owner\"", "\"role\":\"owner\",\"role\":\"owner\"", AccessTokenRefusal.BadPayload)]
    [InlineData("\"role\":\"owner\"", "\"role\":\"owner\",\"r\\u006fle\":\"admin\"", AccessTokenRefusal.BadPayload)]
    [InlineData("\"sub\":\"0198c7d2-0000-7000-8000-000000000001\"", "\"sub\":\"jane\"", AccessTokenRefusal.BadPayload)]
    [InlineData("\"sub\":\"0198c7d2-0000-7000-8000-000000000001\"", "\"SUB\":\"0198c7d2-0000-7000-8000-000000000001\"", AccessTokenRefusal.BadPayload)]
    [InlineData("\"org\":\"0198c7d2-0000-7000-8000-000000000003\"", "\"org\":null", AccessTokenRefusal.BadPayload)]
    [InlineData("{\"iss\"", "[{\"iss\"", AccessTokenRefusal.BadPayload)]
    public void Claim_that_is_not_as_it_must_be_is_refused(string claim, string instead, AccessTokenRefusal reason)
    {
        Assert.Contains(claim, Payload);

        Assert.Equal(reason, Refusal(Sign(Header, Payload.Replace(claim, instead))));
    }

    [Theory]
    [InlineData("iss")]
    [InlineData("aud")]
    [InlineData("sub")]
    [InlineData("org")]
    [InlineData("role")]
    [InlineData("sid")]
    [InlineData("iat")]
    [InlineData("nbf")]
    [InlineData("exp")]
    public void Missing_claim_is_refused(string claim) =>
        Assert.Equal(AccessTokenRefusal.BadPayload, Refusal(Sign(Header, Payload.Replace($"\"{claim}\"", "\"x\""))));

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"\"")]
    [InlineData("")]
    public void Payload_that_is_no_set_of_claims_is_refused(string payload) =>
        Assert.Equal(AccessTokenRefusal.BadPayload, Refusal(Sign(Header, payload)));
}
