using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Webhooks.Receiving.Bodies;

/// <summary>
/// application/x-www-form-urlencoded, as the WHATWG URL standard parses it (section 5.1), with the names that web frameworks nest.
/// </summary>
internal static class FormBody
{
    private static readonly JsonWriterOptions Writing = new()
    {
        SkipValidation = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// A JSON object. Values are texts, except for JSON in a field that holds an event. <c>a[b]=1</c> is a member of the object a,
    /// <c>a[]=1</c> and <c>a[0]=1</c> an element of the array a. Null if the decoded bytes are not UTF-8.
    /// </summary>
    public static ReadOnlyMemory<byte>? ToJson(ReadOnlySpan<byte> form)
    {
        var fields = new FormFields();
        // Decoding only shortens.
        var buffer = new byte[form.Length];
        foreach (var range in form.Split((byte)'&'))
        {
            var pair = form[range];
            if (pair.IsEmpty)
            {
                continue;
            }
            var equals = pair.IndexOf((byte)'=');
            var rawValue = equals < 0 ? [] : pair[(equals + 1)..];
            var name = Decode(equals < 0 ? pair : pair[..equals], buffer);
            var value = Decode(rawValue, buffer.AsSpan(name.Length));
            if (!Utf8.IsValid(name) || !Utf8.IsValid(value))
            {
                return null;
            }
            fields.Add(Encoding.UTF8.GetString(name), ValueOf(rawValue, value));
        }
        if (fields.WholeJson is { } whole)
        {
            return Encoding.UTF8.GetBytes(whole);
        }
        var json = new ArrayBufferWriter<byte>(form.Length + 16);
        using (var writer = new Utf8JsonWriter(json, Writing))
        {
            fields.Write(writer);
        }
        return json.WrittenMemory;
    }

    /// <summary>The decoded value. In an address whose sender did not encode the plus, it is a plus and no blank.</summary>
    private static string ValueOf(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> decoded)
    {
        var value = Encoding.UTF8.GetString(decoded);
        if (!raw.Contains((byte)'+') || !value.Contains('@') || Emails.IsValid(value))
        {
            return value;
        }
        var withPlus = Encoding.UTF8.GetString(Decode(raw, new byte[raw.Length], keepPlus: true));
        return Emails.IsValid(withPlus) ? withPlus : value;
    }

    /// <summary>A percent sign without two following hexadecimal digits is kept as it is.</summary>
    private static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> text, Span<byte> buffer, bool keepPlus = false)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var value = text[i];
            if (value == '+' && !keepPlus)
            {
                value = (byte)' ';
            }
            else if (value == '%' && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1])
                && char.IsAsciiHexDigit((char)text[i + 2]))
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
