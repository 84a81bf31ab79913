namespace SalesBrain.Functions.Mail;

/// <summary>A mail to one person, plain text. A class, not a record: a record's <c>ToString</c> would print the secret links in it.</summary>
public sealed class OutgoingMail(string to, string subject, string text)
{
    /// <summary>One address, as stored.</summary>
    public string To { get; } = to;

    public string Subject { get; } = subject;

    public string Text { get; } = text;
}
