namespace SalesBrain.Core.Whatsapp;

/// <summary>Whether and how a message is sent again after an error.</summary>
public enum WhatsappRetry
{
    /// <summary>Sending it again leads to the same error.</summary>
    No,

    /// <summary>After a while, longer each time.</summary>
    Yes,

    /// <summary>Once, because the vendor does not say what went wrong.</summary>
    Once,

    /// <summary>This number wrote to this person too often: after 4^n seconds. Messages to other people go on.</summary>
    Pair,

    /// <summary>The number, the account or the app sends too much: all messages of the account wait.</summary>
    Queue,
}
