using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SalesBrain.Core.Webhooks.Receiving.Bodies;

/// <summary>One JSON object of a delivery and its original bytes: the whole body, or its part of an array.</summary>
/// <param name="Json">Valid until its <see cref="WebhookBody"/> is disposed of.</param>
/// <param name="Raw">A slice, not a copy. Reads again as one object with the delivery's content type.</param>
public readonly record struct WebhookBodyElement(JsonElement Json, ReadOnlyMemory<byte> Raw);

/// <summary>A delivery's body as one or more JSON objects. Uses pooled memory until it is disposed.</summary>
public sealed class WebhookBody : IDisposable
{
    /// <summary>Longest body taken, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Longest array taken.</summary>
    public const int MaxElements = 1000;

    /// <summary>Deepest nesting taken, the outermost object or array counted.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Parsing = new() { MaxDepth = MaxDepth };

    private readonly JsonDocument document;

    private WebhookBody(JsonDocument document, IReadOnlyList<WebhookBodyElement> elements, bool isArray)
    {
        this.document = document;
        Elements = elements;
        IsArray = isArray;
    }

    /// <summary>At least one, in their order.</summary>
    public IReadOnlyList<WebhookBodyElement> Elements { get; }

    /// <summary>Whether the body is or holds an array of events, even with one element.</summary>
    public bool IsArray { get; }

    /// <summary>
    /// Reads a body, which must not change until the result is disposed of. All or nothing: one bad element refuses an array.
    /// </summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        string? contentType,
        string? contentEncoding,
        [NotNullWhen(true)] out WebhookBody? result,
        [NotNullWhen(false)] out WebhookRefusal? refusal)
    {
        result = null;
        if (body.Length > MaxBytes)
        {
            refusal = WebhookRefusal.TooLarge("the body is larger than 1 MiB");
            return false;
        }
        (var format, refusal) = BodyFormats.Of(contentType, contentEncoding);
        if (refusal is not null)
        {
            return false;
        }
        var plain = WithoutByteOrderMark(body);
        var json = format == BodyFormat.Form && !LooksLikeJson(plain.Span) ? FormBody.ToJson(body.Span) : plain;
        if (json is not { } text || !Utf8.IsValid(text.Span))
        {
            refusal = WebhookRefusal.NotJson("the body is not valid UTF-8");
        }
        else if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            refusal = WebhookRefusal.NotJson("the body is empty");
        }
        else if (TryParse(text, out var document, out refusal))
        {
            if (document.RootElement.ValueKind == JsonValueKind.String)
            {
                (document, text) = OpenText(document, text);
            }
            refusal = TryTakeElements(document, text, body, out result);
        }
        return result is not null;
    }

    public void Dispose() => document.Dispose();

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;

    /// <summary>
    /// Senders of JSON who leave the content type at the default of their HTTP client. A form's first name is hardly one of these.
    /// </summary>
    private static bool LooksLikeJson(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)'"', ..];

    /// <summary>The JSON in a JSON text, which was encoded twice; the text itself if there is none.</summary>
    private static (JsonDocument Document, ReadOnlyMemory<byte> Text) OpenText(JsonDocument document, ReadOnlyMemory<byte> text)
    {
        try
        {
            var inner = Encoding.UTF8.GetBytes(document.RootElement.GetString()!);
            if (TryParse(inner, out var opened, out _))
            {
                document.Dispose();
                return (opened, inner);
            }
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
        }
        return (document, text);
    }

    private static bool TryParse(ReadOnlyMemory<byte> text, [NotNullWhen(true)] out JsonDocument? document, out WebhookRefusal? refusal)
    {
        try
        {
            (document, refusal) = (JsonDocument.Parse(text, Parsing), null);
            return true;
        }
        catch (JsonException e)
        {
            document = null;
            refusal = IsTooDeep(text.Span)
                ? WebhookRefusal.NotJson($"the JSON is nested more than {MaxDepth} levels deep")
                : WebhookRefusal.NotJson(
                    $"the body is not valid JSON: the first error is in line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
            return false;
        }
    }

    /// <summary>Whether the depth is the first error: the parser reaches it without another error.</summary>
    private static bool IsTooDeep(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= MaxDepth)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // The caller reports this error.
        }
        return false;
    }

    private static WebhookRefusal? TryTakeElements(
        JsonDocument document, ReadOnlyMemory<byte> text, ReadOnlyMemory<byte> body, out WebhookBody? result)
    {
        var root = document.RootElement;
        var events = new List<JsonElement>();
        WebhookRefusal? refusal = null;
        var isArray = true;
        if (root.ValueKind == JsonValueKind.Array)
        {
            refusal = TakeArray(root, events);
        }
        else if (root.ValueKind != JsonValueKind.Object)
        {
            refusal = WebhookRefusal.NotAnObject("the body is neither a JSON object nor an array of objects");
        }
        else if (EventLists.Find(root) is { } list)
        {
            refusal = TakeArray(list, events);
        }
        else
        {
            isArray = false;
        }
        if (refusal is not null)
        {
            document.Dispose();
            result = null;
            return refusal;
        }
        result = isArray
            ? new(document, [.. events.Select(element => new WebhookBodyElement(element, SliceOf(text, element)))], isArray)
            : new(document, [new(root, body)], isArray);
        return null;
    }

    /// <summary>Adds the objects of an array, and instead of an object with a list of events its events.</summary>
    private static WebhookRefusal? TakeArray(JsonElement array, List<JsonElement> events)
    {
        if (array.GetArrayLength() == 0)
        {
            return WebhookRefusal.NotAnObject("the array is empty");
        }
        var index = 0;
        foreach (var element in array.EnumerateArray())
        {
            index++;
            if (element.ValueKind != JsonValueKind.Object)
            {
                return WebhookRefusal.NotAnObject($"element {index} of the array is not an object");
            }
            // Lists in lists too: an event that is stored must not be read as a list later.
            if (EventLists.Find(element) is not { } list)
            {
                events.Add(element);
            }
            else if (TakeArray(list, events) is { } refusal)
            {
                return refusal;
            }
        }
        return events.Count > MaxElements
            ? WebhookRefusal.TooLarge($"the array has {events.Count} elements; the limit is {MaxElements}")
            : null;
    }

    /// <summary>The bytes of an element. The document refers to the given memory, so they are a slice of it.</summary>
    private static ReadOnlyMemory<byte> SliceOf(ReadOnlyMemory<byte> text, JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        text.Span.Overlaps(raw, out var start);
        return text.Slice(start, raw.Length);
    }
}
