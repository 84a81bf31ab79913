namespace SalesBrain.Functions.Configuration;

/// <summary>Settings are missing or malformed. The message lists each with its expected value. The process stops at start.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
