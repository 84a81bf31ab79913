namespace SalesBrain.Core.Whatsapp.Receiving;

/// <summary>The types under which parts of Meta's deliveries enter the webhook log.</summary>
public static class WhatsappEventTypes
{
    /// <summary>The event source of the logs.</summary>
    public const string Source = "whatsapp";

    /// <summary>A message of a person.</summary>
    public const string Message = "whatsapp.message";

    /// <summary>How far one of our messages has come.</summary>
    public const string Status = "whatsapp.status";

    /// <summary>Something else, such as a template that was approved. It is stored and has no effect.</summary>
    public const string Other = "whatsapp.other";
}
