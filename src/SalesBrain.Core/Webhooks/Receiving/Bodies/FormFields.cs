using System.Globalization;
using System.Text.Json;

namespace SalesBrain.Core.Webhooks.Receiving.Bodies;

/// <summary>The fields of a form as a tree: names in brackets are members of what stands before them.</summary>
internal sealed class FormFields
{
    /// <summary>Most brackets of a name that nest. A longer name is one name.</summary>
    private const int MaxBrackets = 16;

    /// <summary>Fields whose value is JSON if it can be.</summary>
    private static readonly string[] JsonNames = ["events", "event", "payload", "data", "body", "json", "lead", "contact"];

    private static readonly JsonDocumentOptions Parsing = new() { MaxDepth = WebhookBody.MaxDepth - MaxBrackets - 1 };

    private readonly Node root = new();
    private int count;
    private string? onlyName;

    /// <summary>The name of the only field if it is JSON: what becomes of JSON that a client encodes as a form.</summary>
    public string? WholeJson => count == 1 && onlyName is not null && IsJson(onlyName) ? onlyName : null;

    /// <summary>Adds a field. Of two fields with one name the last one counts.</summary>
    public void Add(string name, string value)
    {
        onlyName = value.Length == 0 ? name : null;
        count++;
        var node = root;
        foreach (var part in PartsOf(name))
        {
            node = node.Member(part);
        }
        node.Value = value;
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (name, field) in root.Members)
        {
            writer.WritePropertyName(name);
            if (field is { Members.Count: 0, Value: { } json } && JsonNames.Contains(name) && IsJson(json))
            {
                writer.WriteRawValue(json, skipInputValidation: true);
            }
            else
            {
                WriteNode(writer, field);
            }
        }
        writer.WriteEndObject();
    }

    /// <summary><c>a[b][]</c> as a, b and an empty name.</summary>
    private static string[] PartsOf(string name)
    {
        var first = name.IndexOf('[', StringComparison.Ordinal);
        if (first <= 0 || name[^1] != ']')
        {
            return [name];
        }
        var inner = name[(first + 1)..^1].Split("][");
        return inner.Length > MaxBrackets || inner.Any(part => part.AsSpan().IndexOfAny('[', ']') >= 0)
            ? [name]
            : [name[..first], .. inner];
    }

    private static void WriteNode(Utf8JsonWriter writer, Node node)
    {
        if (node.Members.Count == 0)
        {
            writer.WriteStringValue(node.Value ?? "");
        }
        else if (node.IsArray)
        {
            writer.WriteStartArray();
            node.Members.ForEach(element => WriteNode(writer, element.Node));
            writer.WriteEndArray();
        }
        else
        {
            writer.WriteStartObject();
            foreach (var (name, member) in node.Members)
            {
                writer.WritePropertyName(name);
                WriteNode(writer, member);
            }
            writer.WriteEndObject();
        }
    }

    private static bool IsJson(string text)
    {
        if (text.AsSpan().Trim() is not (['{', .., '}'] or ['[', .., ']']))
        {
            return false;
        }
        try
        {
            JsonDocument.Parse(text, Parsing).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed class Node
    {
        private readonly Dictionary<string, Node> byName = new(StringComparer.Ordinal);

        public string? Value { get; set; }

        /// <summary>In the order of their first appearance.</summary>
        public List<(string Name, Node Node)> Members { get; } = [];

        /// <summary>Whether the members are the elements 0, 1, 2 and so on of an array.</summary>
        public bool IsArray { get; private set; } = true;

        /// <summary>
        /// The member of this name; a new one if there is none, and for the empty name, which stands for the next element.
        /// </summary>
        public Node Member(string name)
        {
            var key = name.Length == 0 ? Members.Count.ToString(CultureInfo.InvariantCulture) : name;
            if (byName.TryGetValue(key, out var member))
            {
                return member;
            }
            IsArray &= key == Members.Count.ToString(CultureInfo.InvariantCulture);
            member = new Node();
            byName.Add(key, member);
            Members.Add((key, member));
            return member;
        }
    }
}
