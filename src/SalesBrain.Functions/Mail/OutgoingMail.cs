namespace SalesBrain.Functions.Mail;

/// <summary>A plain-text e-mail to one person.</summary>
// A class, not a record: a record's ToString would print the secret links in it.
public sealed class OutgoingMail(string to, string subject, string text)
{
    /// <summary>One address, as stored.</summary>
    public string To { get; } = to;

    public string Subject { get; } = subject;

    public string Text { get; } = text;
}
