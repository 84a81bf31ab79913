namespace SalesBrain.Integrations.Genesys;

/// <summary>Genesys did not do what it was asked. The message contains no secret.</summary>
/// <param name="isRefusal">Genesys refused it. Otherwise Genesys could not be reached, or failed.</param>
/// <param name="message">For the log.</param>
public sealed class GenesysException(bool isRefusal, string message) : Exception(message)
{
    public bool IsRefusal { get; } = isRefusal;
}
