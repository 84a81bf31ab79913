using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Security;

namespace SalesBrain.Core.Tests.Security;

public sealed class SecretBoxTests
{
    private const string Purpose = "webhook_endpoint.secret";

    private static readonly Guid Organization = Guid.Parse("0198f3a0-0000-7000-8000-000000000001");
    private static readonly DataKey First = CreateKey("2025-01");
    private static readonly DataKey Second = CreateKey("2025-02");

    [Fact]
    public void Sealed_secret_can_be_opened() =>
        Prop.ForAll<byte[]>(secret =>
            {
                var box = CreateBox(First);
                return box.Open(box.Seal(secret, Organization, Purpose), Organization, Purpose).AsSpan().SequenceEqual(secret);
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Text_opens_again_and_is_not_in_the_envelope()
    {
        var envelope = CreateBox(First).Seal("sésame 😀", Organization, Purpose);

        Assert.Equal("sésame 😀", CreateBox(First).OpenText(envelope, Organization, Purpose));
        Assert.Equal(-1, envelope.AsSpan().IndexOf("same"u8));
    }

    [Fact]
    public void Sealing_twice_gives_two_envelopes() =>
        Assert.NotEqual(CreateBox(First).Seal("s", Organization, Purpose), CreateBox(First).Seal("s", Organization, Purpose));

    [Fact]
    public void Any_changed_or_missing_byte_is_noticed()
    {
        var box = CreateBox(First);
        var envelope = box.Seal("secret", Organization, Purpose);

        for (var i = 0; i < envelope.Length; i++)
        {
            var changed = (byte[])envelope.Clone();
            changed[i] ^= 1;
            Assert.Throws<SecretBoxException>(() => box.Open(changed, Organization, Purpose));
            Assert.Throws<SecretBoxException>(() => box.Open(envelope.AsSpan(0, i), Organization, Purpose));
        }
        Assert.Throws<SecretBoxException>(() => box.Open([.. envelope, 0], Organization, Purpose));
    }

    [Fact]
    public void Envelope_of_another_organization_or_purpose_does_not_open()
    {
        var box = CreateBox(First);
        var envelope = box.Seal("secret", Organization, Purpose);

        Assert.Throws<SecretBoxException>(() => box.Open(envelope, Guid.NewGuid(), Purpose));
        Assert.Null(
            Assert.Throws<SecretBoxException>(() => box.Open(envelope, Organization, "webhook_endpoint.previous_secret")).MissingKeyId);
    }

    [Fact]
    public void Old_keys_open_and_the_first_seals()
    {
        var old = CreateBox(First).Seal("secret", Organization, Purpose);
        var rotated = CreateBox(Second, First);
        var renewed = rotated.Reseal(old, Organization, Purpose);

        Assert.Equal("2025-01", SecretBox.KeyIdOf(old));
        Assert.Equal(rotated.CurrentKeyId, SecretBox.KeyIdOf(renewed));
        Assert.Equal("secret", CreateBox(Second).OpenText(renewed, Organization, Purpose));
        Assert.Equal("2025-01", Assert.Throws<SecretBoxException>(() => CreateBox(Second).Open(old, Organization, Purpose)).MissingKeyId);
    }

    [Fact]
    public void What_no_key_opens_is_not_sealed_again()
    {
        var old = CreateBox(First).Seal("secret", Organization, Purpose);

        Assert.Throws<SecretBoxException>(() => CreateBox(Second).Reseal(old, Organization, Purpose));
        Assert.Throws<SecretBoxException>(() => CreateBox(Second, First).Reseal(old, Guid.NewGuid(), Purpose));
        Assert.Throws<SecretBoxException>(() => CreateBox(Second, First).Reseal(old, Organization, "another.purpose"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0103414243", "ABC")]
    [InlineData("01034142")]
    [InlineData("0203414243")]
    public void Key_id_is_read_from_envelopes_only(string envelope, string? expected = null) =>
        Assert.Equal(expected, SecretBox.KeyIdOf(Convert.FromHexString(envelope)));

    [Fact]
    public void Another_key_under_the_same_id_does_not_open() =>
        Assert.Throws<SecretBoxException>(
            () => CreateBox(CreateKey("2025-01")).Open(CreateBox(First).Seal("s", Organization, Purpose), Organization, Purpose));

    [Fact]
    public void Settings_that_cannot_be_used_are_named()
    {
        Assert.StartsWith("DataKeys__Keys__0__Id and", Assert.Single(new DataKeys().Problems()), StringComparison.Ordinal);
        Assert.Equal(
            ["DataKeys__Keys__0__Id", "DataKeys__Keys__0__Secret", "DataKeys__Keys__2__Id", "DataKeys__Keys__3__Secret"],
            new DataKeys
            {
                Keys =
                    [
                        new DataKey { Id = "ä", Secret = Convert.ToBase64String(new byte[31]) }, First,
                        new DataKey { Id = First.Id, Secret = Second.Secret },
                        new DataKey { Id = "vault", Secret = "@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/x)" },
                    ],
            }
                .Problems().Select(problem => problem.Split(' ')[0]));
        Assert.Throws<ArgumentException>(() => CreateBox());
    }

    private static SecretBox CreateBox(params DataKey[] keys) => new(new DataKeys { Keys = keys });

    private static DataKey CreateKey(string id) =>
        new() { Id = id, Secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(DataKeys.KeyBytes)) };
}
