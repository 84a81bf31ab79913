using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Access;
using static SalesBrain.Core.Tests.Access.TokenForge;

namespace SalesBrain.Core.Tests.Access;

public sealed class AccessTokensTests
{
    [Fact]
    public void Token_of_any_user_gives_back_the_same_claims()
    {
        var claims = from role in Gen.Elements(Roles.All.ToArray())
                     from ids in ArbMap.Default.GeneratorFor<Guid>().Four()
                     from user in ArbMap.Default.GeneratorFor<Guid>()
                     let level = role.Level()
                     select new AccessTokenClaims(
                         user, role, ids.Item1,
                         level == RoleLevel.Platform ? null : ids.Item2,
                         level == RoleLevel.Agency ? ids.Item3 : null,
                         level == RoleLevel.Client ? ids.Item4 : null);

        Prop.ForAll(claims.ToArbitrary(), expected =>
        {
            var (token, expires) = Tokens.Issue(expected, Now);
            var result = Tokens.Verify(token, Now);
            return result.IsValid && result.Claims == expected && expires == Now.AddMinutes(15) && token.Length < 800;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_changed_character_is_refused()
    {
        var (token, _) = Tokens.Issue(Owner, Now);
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ";

        for (var i = 0; i < token.Length; i++)
        {
            foreach (var other in alphabet.Where(c => c != token[i]))
            {
                Assert.False(Tokens.Verify($"{token[..i]}{other}{token[(i + 1)..]}", Now).IsValid, $"'{other}' at {i}");
            }
        }
    }

    [Fact]
    public void Any_text_is_refused_and_never_throws() =>
        Prop.ForAll<NonNull<string>, NonNull<string>>((payload, text) =>
                !Tokens.Verify(text.Get, Now).IsValid
                && !Tokens.Verify($"{Encode(Header)}.{text.Get}.{payload.Get}", Now).IsValid
                && Refusal(SignSegments(Encode(Header), text.Get.Replace('.', '_'))) is not null
                && Refusal(Sign(Header, payload.Get)) == AccessTokenRefusal.BadPayload)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Fractions_of_a_second_are_dropped()
    {
        var (token, expires) = Tokens.Issue(Owner, Now.AddMilliseconds(999));

        Assert.Equal(Now.AddMinutes(15), expires);
        Assert.True(Tokens.Verify(token, Now).IsValid);
    }

    [Fact]
    public void Payload_written_by_hand_from_the_specification_is_accepted()
    {
        var result = Tokens.Verify(Sign(Header, Payload), Now);

        Assert.Equal(Owner, result.Claims);
    }

    [Fact]
    public void Null_organization_counts_as_none()
    {
        var result = Tokens.Verify(
            Sign(Header, Payload.Replace("\"0198c7d2-0000-7000-8000-000000000003\"", "null").Replace("owner", "sb_operator")), Now);

        Assert.Equal(Role.SbOperator, result.Claims?.Role);
        Assert.Null(result.Claims?.OrganizationId);
    }

    [Fact]
    public void First_key_signs_and_the_others_still_verify_until_removed()
    {
        var current = Tokens.Issue(Owner, Now).Token;
        var old = Sign("""{"alg":"HS256","typ":"JWT","kid":"k0"}""", Payload, OldSecret);
        var afterRemoval = new AccessTokens(new AccessTokenOptions { Issuer = Options.Issuer, Keys = [Options.Keys[0]] });

        Assert.StartsWith(Encode(Header) + ".", current);
        Assert.True(Tokens.Verify(old, Now).IsValid);
        Assert.Equal(AccessTokenRefusal.UnknownHeader, afterRemoval.Verify(old, Now).Refusal);
        Assert.True(afterRemoval.Verify(current, Now).IsValid);
    }

    [Fact]
    public void Token_is_valid_until_30_seconds_past_its_expiry()
    {
        var (token, expires) = Tokens.Issue(Owner, Now);

        Assert.True(Tokens.Verify(token, expires.AddSeconds(29.999)).IsValid);
        Assert.Equal(AccessTokenRefusal.Expired, Tokens.Verify(token, expires.AddSeconds(30)).Refusal);
    }

    [Fact]
    public void Token_from_a_clock_up_to_30_seconds_ahead_is_valid()
    {
        var (token, _) = Tokens.Issue(Owner, Now);

        Assert.True(Tokens.Verify(token, Now.AddSeconds(-30)).IsValid);
        Assert.Equal(AccessTokenRefusal.NotYetValid, Tokens.Verify(token, Now.AddSeconds(-31)).Refusal);
    }

    [Theory]
    [InlineData(Role.Owner, false, false, false)]
    [InlineData(Role.SbAdmin, true, false, false)]
    [InlineData(Role.AgencyStaff, true, false, false)]
    [InlineData(Role.ClientUser, true, true, false)]
    [InlineData(Role.ClientUser, true, true, true)]
    public void Role_outside_its_scope_gets_no_token(Role role, bool organization, bool agency, bool client)
    {
        var claims = new AccessTokenClaims(
            Guid.NewGuid(), role, Guid.NewGuid(),
            organization ? Guid.NewGuid() : null, agency ? Guid.NewGuid() : null, client ? Guid.NewGuid() : null);

        Assert.Throws<ArgumentException>(() => Tokens.Issue(claims, Now));
    }
}
