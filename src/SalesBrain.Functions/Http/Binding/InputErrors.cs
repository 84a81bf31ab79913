namespace SalesBrain.Functions.Http.Binding;

/// <summary>The validation errors of a request, by member.</summary>
public sealed class InputErrors
{
    private readonly SortedDictionary<string, List<string>> _messages = new(StringComparer.Ordinal);

    public bool Any => _messages.Count > 0;

    public void Add(string member, string message)
    {
        if (!_messages.TryGetValue(member, out var list))
        {
            _messages[member] = list = [];
        }
        list.Add(message);
    }

    internal Dictionary<string, string[]> ToDictionary() =>
        _messages.ToDictionary(entry => entry.Key, entry => entry.Value.ToArray(), StringComparer.Ordinal);
}
