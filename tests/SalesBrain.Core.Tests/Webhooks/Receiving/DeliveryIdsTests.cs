using SalesBrain.Core.Webhooks.Receiving.Verification;

namespace SalesBrain.Core.Tests.Webhooks.Receiving;

public sealed class DeliveryIdsTests
{
    private static readonly (string Name, string Value)[] Standard =
        [("webhook-id", "w"), ("webhook-timestamp", "1"), ("webhook-signature", "v1,")];
    private static readonly (string Name, string Value)[] Svix = [("svix-id", "s"), ("svix-timestamp", "1"), ("svix-signature", "v1,")];

    [Theory]
    [InlineData("token")]
    [InlineData("header")]
    [InlineData("basic")]
    public void First_header_with_an_id_counts_where_nothing_is_signed(string mode)
    {
        Assert.Equal("w", Find(mode, ("idempotency-key", "k"), ("svix-id", "s"), ("webhook-id", "w")));
        Assert.Equal("s", Find(mode, ("idempotency-key", "k"), ("svix-id", "s"), ("webhook-id", "undefined")));
        Assert.Equal("k", Find(mode, ("idempotency-key", "k")));
        Assert.Null(Find(mode, ("idempotency-key", "null"), ("x-request-id", "r")));
    }

    [Fact]
    public void Id_that_the_signature_does_not_cover_is_ignored()
    {
        Assert.Null(Find("hmac", [("idempotency-key", "k"), .. Standard, .. Svix]));
        Assert.Null(Find("standard_webhooks", ("idempotency-key", "k")));
        Assert.Equal("w", Find("standard_webhooks", [("idempotency-key", "k"), .. Svix, .. Standard]));
        Assert.Equal("s", Find("standard_webhooks", [("webhook-id", "w"), .. Svix]));
    }

    private static string? Find(string mode, params (string Name, string Value)[] headers) =>
        DeliveryIds.Find(mode, name => headers.Where(header => header.Name == name).Select(header => header.Value).FirstOrDefault());
}
