using Microsoft.Extensions.Configuration;
using SalesBrain.Core.Access;

namespace SalesBrain.Core.Tests.Access;

public sealed class AccessTokenOptionsTests
{
    private static readonly string Secret = Convert.ToBase64String(TokenForge.Secret);

    [Fact]
    public void Settings_bind_and_are_fine_with_one_key()
    {
        var options = Bind(("Keys:0:Id", "2026-01"), ("Keys:0:Secret", Secret), ("Lifetime", "00:05:00"));

        Assert.Empty(options.Problems());
        Assert.Equal(TimeSpan.FromMinutes(5), options.Lifetime);
        Assert.Equivalent(new { Id = "2026-01", Secret }, Assert.Single(options.Keys));
    }

    [Fact]
    public void Missing_settings_require_a_key() => AssertProblem(Bind(), "Jwt__Keys__0__Id and Jwt__Keys__0__Secret must be set");

    [Theory]
    [InlineData("not base64 at all, but long enough to be a secret")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==")]
    [InlineData("")]
    public void Secret_that_is_not_base64_of_32_bytes_is_named(string secret) =>
        AssertProblem(
            Bind(("Keys:0:Id", "a"), ("Keys:0:Secret", Secret), ("Keys:1:Id", "b"), ("Keys:1:Secret", secret)),
            "Jwt__Keys__1__Secret must be base64 of at least 32 random bytes.");

    [Theory]
    [InlineData("Keys:0:Secret", "Jwt__Keys__0__Secret")]
    [InlineData("Issuer", "Jwt__Issuer")]
    [InlineData("Audience", "Jwt__Audience")]
    public void Unresolved_vault_reference_is_named(string key, string setting) =>
        AssertProblem(
            Bind(("Keys:0:Id", "a"), ("Keys:0:Secret", Secret), (key, "@Microsoft.KeyVault(SecretUri=https://v.example/secrets/jwt)")),
            $"{setting} is a Key Vault reference that was not resolved");

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\"")]
    [InlineData("a\n")]
    public void Key_id_that_needs_escaping_is_reported(string id) =>
        AssertProblem(Bind(("Keys:0:Id", id), ("Keys:0:Secret", Secret)), "Jwt__Keys__0__Id must be 1 to 64 letters");

    [Fact]
    public void Key_id_used_twice_is_named() =>
        AssertProblem(
            Bind(("Keys:0:Id", "a"), ("Keys:0:Secret", Secret), ("Keys:1:Id", "a"), ("Keys:1:Secret", Secret)),
            "Jwt__Keys__1__Id must differ from the ids before it.");

    [Theory]
    [InlineData("00:00:59")]
    [InlineData("1.00:00:01")]
    public void Lifetime_out_of_range_is_named(string lifetime) =>
        AssertProblem(Bind(("Keys:0:Id", "a"), ("Keys:0:Secret", Secret), ("Lifetime", lifetime)), "Jwt__Lifetime must be between");

    [Fact]
    public void Invalid_options_create_no_tokens()
    {
        var problem = Assert.Throws<ArgumentException>(() => new AccessTokens(new AccessTokenOptions()));

        Assert.StartsWith("Jwt__Keys__0__Id", problem.Message);
    }

    private static AccessTokenOptions Bind(params (string Key, string Value)[] settings)
    {
        var values = settings.Select(setting => KeyValuePair.Create<string, string?>($"Jwt:{setting.Key}", setting.Value))
            .GroupBy(pair => pair.Key).Select(pairs => pairs.Last());
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        return configuration.GetSection("Jwt").Get<AccessTokenOptions>() ?? new AccessTokenOptions();
    }

    private static void AssertProblem(AccessTokenOptions options, string beginning) =>
        Assert.StartsWith(beginning, Assert.Single(options.Problems()));
}
