namespace SalesBrain.LocalHost.Commands;

/// <summary>The options of a command line, in any order, each at most once.</summary>
internal static class CommandOptions
{
    /// <summary>
    /// False if the arguments have anything else, or an option has no value. Options without values are there with an empty one.
    /// </summary>
    internal static bool TryRead(string[] args, string[] withValue, string[] withoutValue, out IReadOnlyDictionary<string, string> options)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        options = read;
        while (args is [var option, .. var rest])
        {
            if (withoutValue.Contains(option) && read.TryAdd(option, ""))
            {
                args = rest;
            }
            else if (withValue.Contains(option) && rest is [var value, ..] && read.TryAdd(option, value))
            {
                args = rest[1..];
            }
            else
            {
                return false;
            }
        }
        return true;
    }
}
