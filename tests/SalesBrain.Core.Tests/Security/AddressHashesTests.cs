using System.Security.Cryptography;
using SalesBrain.Core.Security;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Tests.Security;

public sealed class AddressHashesTests
{
    private static readonly Guid Organization = Guid.Parse("01234567-89ab-cdef-0123-456789abcdef");
    private static readonly byte[] First = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] Second = [.. Enumerable.Range(32, 32).Select(i => (byte)i)];

    /// <summary>
    /// Kept hashes must stay comparable for years. Computed independently:
    /// <c>printf '%s' 0123456789abcdef0123456789abcdef6a6f406578616d706c652e636f6d | xxd -r -p | openssl dgst -sha256 -mac HMAC -macopt
    /// hexkey:000102…1f</c>
    /// </summary>
    [Fact]
    public void Hash_is_the_hmac_of_organization_and_address() =>
        Assert.Equal(
            "6ec1c8f99e5f874bb845fa7665b56be6731e1d41e513ecfb151c42872004ada8",
            Convert.ToHexStringLower(new AddressHashes([First]).Create(Organization, "jo@example.com")));

    [Fact]
    public void Spellings_of_an_address_are_recognized()
    {
        var hashes = new AddressHashes([First]);
        var kept = hashes.Create(Organization, Emails.Normalize("Jo@Example.com"));

        Assert.Equal([kept], hashes.FindBy(Organization, Emails.Normalize(" jo@EXAMPLE.com")));
        Assert.NotEqual([kept], hashes.FindBy(Organization, Emails.Normalize("jo+news@example.com")));
    }

    [Fact]
    public void Hashes_of_two_organizations_or_keys_cannot_be_compared()
    {
        var kept = new AddressHashes([First]).Create(Organization, "jo@example.com");

        Assert.NotEqual(kept, new AddressHashes([First]).Create(Guid.NewGuid(), "jo@example.com"));
        Assert.NotEqual(kept, new AddressHashes([Second]).Create(Organization, "jo@example.com"));
        Assert.NotEqual(kept, SHA256.HashData("jo@example.com"u8));
    }

    [Fact]
    public void Hash_of_an_older_key_is_found_as_long_as_the_key_is_kept()
    {
        var kept = new AddressHashes([First]).Create(Organization, "jo@example.com");
        var both = new AddressHashes([Second, First]);

        Assert.Contains(kept, both.FindBy(Organization, "jo@example.com"));
        Assert.Equal(new AddressHashes([Second]).Create(Organization, "jo@example.com"), both.Create(Organization, "jo@example.com"));
        Assert.DoesNotContain(kept, new AddressHashes([Second]).FindBy(Organization, "jo@example.com"));
    }

    [Fact]
    public void Replacing_the_data_key_changes_no_hash()
    {
        var (old, next) = (CreateDataKey("old"), CreateDataKey("new"));
        var key = AddressHashes.CreateKey();
        var kept = new AddressHashes([key]).Create(Organization, "jo@example.com");
        var envelope = new SecretBox(new DataKeys { Keys = [old] }).Seal(key, Guid.Empty, AddressHashes.Purpose);

        var resealed = new SecretBox(new DataKeys { Keys = [next, old] }).Reseal(envelope, Guid.Empty, AddressHashes.Purpose);

        var opened = new SecretBox(new DataKeys { Keys = [next] }).Open(resealed, Guid.Empty, AddressHashes.Purpose);
        Assert.Equal([kept], new AddressHashes([opened]).FindBy(Organization, "jo@example.com"));
    }

    [Fact]
    public void Keys_that_are_missing_or_short_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new AddressHashes([]));
        Assert.Throws<ArgumentException>(() => new AddressHashes([First, new byte[31]]));
        Assert.NotEqual(AddressHashes.CreateKey(), AddressHashes.CreateKey());
    }

    private static DataKey CreateDataKey(string id) =>
        new() { Id = id, Secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(DataKeys.KeyBytes)) };
}
