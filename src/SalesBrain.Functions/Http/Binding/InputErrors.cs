namespace SalesBrain.Functions.Http.Binding;

/// <summary>
/// The validation errors of a request, by member. Only the first <see cref="MostListed"/> are kept and names and messages are cut, so that
/// the response stays small whatever was sent.
/// </summary>
public sealed class InputErrors
{
    /// <summary>Maximum number of errors in a response.</summary>
    public const int MostListed = 20;

    private const int MaxName = 100;
    private const int MaxMessage = 1000;

    private readonly SortedDictionary<string, List<string>> _messages = new(StringComparer.Ordinal);
    private int _count;

    public bool Any => _count > 0;

    /// <summary>Number of errors beyond those that are listed.</summary>
    internal int Unlisted => Math.Max(0, _count - MostListed);

    public void Add(string member, string message)
    {
        if (++_count > MostListed)
        {
            return;
        }
        var name = Cut(member, MaxName);
        if (!_messages.TryGetValue(name, out var list))
        {
            _messages[name] = list = [];
        }
        list.Add(Cut(message, MaxMessage));
    }

    internal Dictionary<string, string[]> ToDictionary() =>
        _messages.ToDictionary(entry => entry.Key, entry => entry.Value.ToArray(), StringComparer.Ordinal);

    /// <summary>The text, or its beginning with an ellipsis. Never ends inside a character.</summary>
    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }
        var end = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
