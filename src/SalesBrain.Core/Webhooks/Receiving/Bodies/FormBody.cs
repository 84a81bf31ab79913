using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace SalesBrain.Core.Webhooks.Receiving.Bodies;

/// <summary>application/x-www-form-urlencoded, as the WHATWG URL standard parses it (section 5.1).</summary>
internal static class FormBody
{
    private static readonly JsonWriterOptions Writing = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A JSON object with the pairs in their order, all as texts. Null if the decoded bytes are not UTF-8.</summary>
    public static ReadOnlyMemory<byte>? ToJson(ReadOnlySpan<byte> form)
    {
        var json = new ArrayBufferWriter<byte>(form.Length + 16);
        // Decoding only shortens.
        var buffer = new byte[form.Length];
        using (var writer = new Utf8JsonWriter(json, Writing))
        {
            writer.WriteStartObject();
            foreach (var range in form.Split((byte)'&'))
            {
                var pair = form[range];
                if (pair.IsEmpty)
                {
                    continue;
                }
                var equals = pair.IndexOf((byte)'=');
                var name = Decode(equals < 0 ? pair : pair[..equals], buffer);
                var value = Decode(equals < 0 ? [] : pair[(equals + 1)..], buffer.AsSpan(name.Length));
                if (!Utf8.IsValid(name) || !Utf8.IsValid(value))
                {
                    return null;
                }
                writer.WriteString(name, value);
            }
            writer.WriteEndObject();
        }
        return json.WrittenMemory;
    }

    /// <summary>A percent sign without two following hexadecimal digits is kept as it is.</summary>
    private static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> text, Span<byte> buffer)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var value = text[i];
            if (value == '+')
            {
                value = (byte)' ';
            }
            else if (value == '%' && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]))
            {
                value = (byte)((Hex(text[i + 1]) << 4) | Hex(text[i + 2]));
                i += 2;
            }
            buffer[length++] = value;
        }
        return buffer[..length];
    }

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
