namespace SalesBrain.LocalHost.Startup;

/// <summary>Something the developer must fix before the host can start; the message is the one line to print.</summary>
public sealed class StartupException : Exception
{
    /// <summary>The message says what is missing and what to do, in one line: line breaks are replaced by spaces.</summary>
    public StartupException(string line, Exception? cause = null)
        : base(string.Join(' ', line.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)), cause)
    {
    }
}
