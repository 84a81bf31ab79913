namespace SalesBrain.Functions.Configuration;

/// <summary>Settings are missing or malformed; the message names each and says what it should be. It ends the process at start.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
