using System.Net;
using SalesBrain.LocalHost.Sandbox.Whatsapp;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Whatsapp.Sending;

/// <summary>What WhatsApp is told when somebody reads a conversation.</summary>
[Collection(WhatsappApp.Collection)]
public sealed class ReadReceiptTests(WhatsappApp app)
{
    [Fact]
    public async Task Newest_unread_message_is_marked_as_read_once()
    {
        var agent = await app.CreateUserAsync("agent");
        var account = await app.CreateWhatsappAccountAsync(agent.OrganizationId!.Value);
        var conversation = await app.CreateConversationAsync(agent.OrganizationId!.Value, unread: 2);
        var newest = await app.CreateMessageAsync(conversation, occurredAt: DateTime.UtcNow);
        await app.CreateMessageAsync(conversation, occurredAt: DateTime.UtcNow.AddMinutes(-1));
        await app.CreateMessageAsync(conversation, "outbound", occurredAt: DateTime.UtcNow.AddMinutes(1));

        await ReadAsync(agent, conversation);
        await ReadAsync(agent, conversation);
        // A further receipt would have begun before that of another conversation.
        var (later, last) = await CreateUnreadAsync(agent.OrganizationId!.Value);
        await ReadAsync(agent, later);

        await Eventually.HoldsAsync(() => ReceiptsOf(account).Contains($"wamid.{last:N}"), "the receipt was sent");
        Assert.Equal([$"wamid.{newest:N}", $"wamid.{last:N}"], ReceiptsOf(account));
    }

    [Theory]
    [InlineData(503, null)]
    [InlineData(429, 80007)]
    [InlineData(401, 190)]
    public async Task Receipt_that_fails_is_not_repeated_and_fails_nobody(int status, int? code)
    {
        var agent = await app.CreateUserAsync("agent");
        var organization = agent.OrganizationId!.Value;
        var account = await app.CreateWhatsappAccountAsync(organization);
        account.Failures["read"] = (status, code);
        var (conversation, _) = await CreateUnreadAsync(organization);

        await ReadAsync(agent, conversation);

        await Eventually.HoldsAsync(() => account.Calls.Contains("POST read"), "the receipt was sent");
        account.Failures.Clear();
        var (later, last) = await CreateUnreadAsync(organization);
        await ReadAsync(agent, later);
        await Eventually.HoldsAsync(() => ReceiptsOf(account).Contains($"wamid.{last:N}"), "the receipt was sent");
        Assert.Equal(2, account.Calls.Count(call => call == "POST read"));
        (await app.StoredWhatsappAccountAsync(organization)).AssertIncludes(new { status = "configured", error_code = (string?)null });
    }

    [Fact]
    public async Task Account_that_needs_a_connection_sends_no_receipt()
    {
        var agent = await app.CreateUserAsync("agent");
        var account = await app.CreateWhatsappAccountAsync(agent.OrganizationId!.Value, status: "needs_reconnect");
        var (conversation, _) = await CreateUnreadAsync(agent.OrganizationId!.Value);
        var other = await app.CreateUserAsync("agent");
        var works = await app.CreateWhatsappAccountAsync(other.OrganizationId!.Value);
        var (shown, last) = await CreateUnreadAsync(other.OrganizationId!.Value);

        await ReadAsync(agent, conversation);
        await ReadAsync(other, shown);

        await Eventually.HoldsAsync(() => ReceiptsOf(works).Contains($"wamid.{last:N}"), "the receipt was sent");
        Assert.DoesNotContain("POST read", account.Calls);
    }

    private async Task<(Guid Conversation, Guid Message)> CreateUnreadAsync(Guid organization)
    {
        var conversation = await app.CreateConversationAsync(organization, unread: 1);
        return (conversation, await app.CreateMessageAsync(conversation));
    }

    private async Task ReadAsync(TestUser user, Guid conversation)
    {
        using var client = app.As(user);
        using var response = await client.PostAsync($"{ConversationWorld.Path}/{conversation}/read", null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private List<string> ReceiptsOf(WhatsappSandboxAccount account) =>
        [.. app.Sandbox.ReadReceipts.Where(receipt => receipt.Account == account).Select(receipt => receipt.Wamid)];
}
