using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace SalesBrain.Core.Webhooks.Receiving.Bodies;

/// <summary>One JSON object of a delivery and its original bytes: the whole body, or its part of the array.</summary>
/// <param name="Json">Valid until its <see cref="WebhookBody"/> is disposed of.</param>
/// <param name="Raw">A slice of the body, not a copy. Reads again as one object with the delivery's content type.</param>
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

    private WebhookBody(JsonDocument document, WebhookBodyElement[] elements)
    {
        this.document = document;
        Elements = elements;
    }

    /// <summary>At least one, in their order.</summary>
    public IReadOnlyList<WebhookBodyElement> Elements { get; }

    /// <summary>Whether the body is an array, even with one element.</summary>
    public bool IsArray => document.RootElement.ValueKind == JsonValueKind.Array;

    /// <summary>Reads a body, which must not change until the result is disposed of. All or nothing: one bad element refuses an array.</summary>
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
        var json = format == BodyFormat.Form ? FormBody.ToJson(body.Span) : WithoutByteOrderMark(body);
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
            refusal = TryTakeElements(document, text, body, out result);
        }
        return result is not null;
    }

    public void Dispose() => document.Dispose();

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;

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
                : WebhookRefusal.NotJson($"the body is not valid JSON: the first error is in line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
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

    private static WebhookRefusal? TryTakeElements(JsonDocument document, ReadOnlyMemory<byte> text, ReadOnlyMemory<byte> body, out WebhookBody? result)
    {
        var root = document.RootElement;
        var (elements, refusal) = root.ValueKind switch
        {
            JsonValueKind.Object => ([new WebhookBodyElement(root, body)], null),
            JsonValueKind.Array => TakeArray(root, text),
            _ => ([], WebhookRefusal.NotAnObject("the body is neither a JSON object nor an array of objects")),
        };
        if (refusal is not null)
        {
            document.Dispose();
        }
        result = refusal is null ? new WebhookBody(document, elements) : null;
        return refusal;
    }

    private static (WebhookBodyElement[] Elements, WebhookRefusal? Refusal) TakeArray(JsonElement array, ReadOnlyMemory<byte> text)
    {
        var length = array.GetArrayLength();
        if (length == 0)
        {
            return ([], WebhookRefusal.NotAnObject("the array is empty"));
        }
        if (length > MaxElements)
        {
            return ([], WebhookRefusal.TooLarge($"the array has {length} elements; the limit is {MaxElements}"));
        }
        var elements = new WebhookBodyElement[length];
        var index = 0;
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                return ([], WebhookRefusal.NotAnObject($"element {index + 1} of the array is not an object"));
            }
            // The document refers to the given memory, so an element's bytes are a slice of it.
            var raw = JsonMarshal.GetRawUtf8Value(element);
            text.Span.Overlaps(raw, out var start);
            elements[index++] = new WebhookBodyElement(element, text.Slice(start, raw.Length));
        }
        return (elements, null);
    }
}
