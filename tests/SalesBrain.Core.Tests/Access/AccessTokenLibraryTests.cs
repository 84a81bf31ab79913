using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Logging;
using Microsoft.IdentityModel.Tokens;
using SalesBrain.Core.Access;
using static SalesBrain.Core.Tests.Access.TokenForge;

namespace SalesBrain.Core.Tests.Access;

/// <summary>
/// What <c>Microsoft.IdentityModel.JsonWebTokens</c> does with our tokens on its own. Shows which of our checks it does not make.
/// </summary>
public sealed class AccessTokenLibraryTests
{
    [Fact]
    public async Task Library_alone_validates_our_token_and_keeps_the_names_of_claims()
    {
        var validation = await ValidateAloneAsync(Tokens.Issue(Owner, Now).Token);

        Assert.True(validation.IsValid, validation.Exception?.ToString());
        Assert.Equal(Owner.UserId.ToString(), validation.Claims["sub"]);
        Assert.Equal("owner", validation.Claims["role"]);
    }

    [Theory]
    [InlineData("""{"alg":"HS256","kid":"k1","typ":"JWT"}""", "", "", AccessTokenRefusal.UnknownHeader)]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"k1","jku":"https://attacker.example/keys"}""", "", "", AccessTokenRefusal.UnknownHeader)]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"k1","crit":["b64"],"b64":false}""", "", "", AccessTokenRefusal.UnknownHeader)]
    [InlineData("""{"alg":"none","alg":"HS256","typ":"JWT","kid":"k1"}""", "", "", AccessTokenRefusal.UnknownHeader)]
    [InlineData(Header, "\"aud\":\"salesbrain-api\"", "\"aud\":[\"other\",\"salesbrain-api\"]", AccessTokenRefusal.BadPayload)]
    [InlineData(Header, "\"exp\":1800000900", "\"exp\":\"1800000900\"", AccessTokenRefusal.BadPayload)]
    [InlineData(Header, "\"role\":\"owner\"", "\"role\":\"owner\",\"role\":\"owner\"", AccessTokenRefusal.BadPayload)]
    [InlineData(Header, "\"iat\":1800000000", "\"iat\":1800000031", AccessTokenRefusal.NotYetValid)]
    public async Task Token_that_the_library_alone_accepts_is_refused(
        string header, string claim, string instead, AccessTokenRefusal reason)
    {
        var token = Sign(header, claim.Length == 0 ? Payload : Payload.Replace(claim, instead));

        var validation = await ValidateAloneAsync(token);

        Assert.True(validation.IsValid, validation.Exception?.ToString());
        Assert.Equal(reason, Refusal(token));
    }

    [Fact]
    public async Task Second_spelling_of_a_signature_that_the_library_alone_accepts_is_refused()
    {
        var token = Sign(Header, Payload) + "=";

        Assert.True((await ValidateAloneAsync(token)).IsValid);
        Assert.Equal(AccessTokenRefusal.BadSignature, Refusal(token));
    }

    [Fact]
    public void Library_is_not_told_to_log_tokens()
    {
        Assert.False(Tokens.Verify(Sign(Header, Payload), Now.AddHours(1)).IsValid);

        Assert.False(IdentityModelEventSource.ShowPII);
        Assert.False(IdentityModelEventSource.LogCompleteSecurityArtifact);
    }

    private static Task<TokenValidationResult> ValidateAloneAsync(string token) =>
        new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidTypes = ["JWT"],
            ValidIssuer = Options.Issuer,
            ValidAudience = Options.Audience,
            IssuerSigningKey = new SymmetricSecurityKey(Secret) { KeyId = "k1" },
            LifetimeValidator = (notBefore, expires, _, _) => notBefore <= Now.UtcDateTime && expires > Now.UtcDateTime,
        });
}
