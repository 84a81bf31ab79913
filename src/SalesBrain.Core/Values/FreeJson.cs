using System.Runtime.InteropServices;
using System.Text.Json;

namespace SalesBrain.Core.Values;

/// <summary>Limits of JSON whose content is the caller's own, such as <c>metadata</c>.</summary>
public static class FreeJson
{
    /// <summary>Maximum size of a value in bytes, numbers counted as PostgreSQL writes them: <c>1e400</c> has 401 digits.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>Maximum number of objects and arrays within each other, the outermost included.</summary>
    public const int MaxDepth = 32;

    /// <summary>
    /// The <c>MaxDepth</c> of parsers and serializers for stored JSON: whatever was stored can be read. The database holds values from
    /// before the limit.
    /// </summary>
    public const int StoredDepth = 1_000_000;

    /// <summary>
    /// Whether the value is nested at most <see cref="MaxDepth"/> levels deep. Not recursive: any depth can be asked about.
    /// </summary>
    public static bool IsShallow(JsonElement json)
    {
        var reader = ReaderOf(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= MaxDepth)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether the value takes at most <see cref="MaxBytes"/>.</summary>
    public static bool IsSmall(JsonElement json)
    {
        var reader = ReaderOf(json);
        long bytes = JsonMarshal.GetRawUtf8Value(json).Length;
        while (reader.Read() && bytes <= MaxBytes)
        {
            if (reader.TokenType == JsonTokenType.Number && reader.ValueSpan.IndexOfAny((byte)'e', (byte)'E') is >= 0 and var at
                && int.TryParse(reader.ValueSpan[(at + 1)..], System.Globalization.CultureInfo.InvariantCulture, out var exponent))
            {
                bytes += Math.Abs((long)exponent);
            }
        }
        return bytes <= MaxBytes;
    }

    private static Utf8JsonReader ReaderOf(JsonElement json) =>
        new(JsonMarshal.GetRawUtf8Value(json), new JsonReaderOptions { MaxDepth = StoredDepth });
}
