namespace SalesBrain.LocalHost.Sandbox.Whatsapp;

/// <summary>The people of the sandbox: they get messages, read them and answer.</summary>
internal static class WhatsappPeople
{
    private static readonly string[] Answers = ["Thank you for writing! How much is it?", "Does it come in another color?", "Yes, tomorrow at ten suits me.", "Great, see you then."];

    /// <summary>
    /// What follows a message: sent, delivered, read and an answer, or, for …0126, that it cannot be delivered. As from Meta, each is a
    /// delivery of its own, a moment after the other.
    /// </summary>
    internal static async Task ReactAsync(WhatsappSandboxMessage message, WhatsappPusher pusher, TimeProvider clock)
    {
        if (message.To.EndsWith("0126", StringComparison.Ordinal))
        {
            await PushAsync(WhatsappEvents.Status(message, "failed", clock.GetUtcNow(), code: 131026));
            return;
        }
        foreach (var status in (string[])["sent", "delivered", "read"])
        {
            await PushAsync(WhatsappEvents.Status(message, status, clock.GetUtcNow()));
        }
        var answer = Answers[Math.Abs(message.Wamid.GetHashCode(StringComparison.Ordinal)) % Answers.Length];
        await PushAsync(WhatsappEvents.Text(
            message.Number, string.Concat(message.To.Where(char.IsAsciiDigit)), "Grace Sandbox", answer, clock.GetUtcNow()));

        async Task PushAsync(System.Text.Json.Nodes.JsonObject value)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(400), clock);
            await pusher.DeliverAsync(
                WhatsappEvents.Delivery(WhatsappEvents.Entry(message.Account.WabaId, value)), clock, CancellationToken.None);
        }
    }
}
