namespace SalesBrain.Core.Webhooks.Receiving.Bodies;

internal enum BodyFormat
{
    Json,

    /// <summary>A form, unless the body is JSON after all.</summary>
    Form,
}

/// <summary>Reads the headers that say what a body is.</summary>
internal static class BodyFormats
{
    /// <summary>The format, or why the body cannot be read. A body without a content type is read as JSON.</summary>
    public static (BodyFormat Format, WebhookRefusal? Refusal) Of(string? contentType, string? contentEncoding)
    {
        if (!string.IsNullOrWhiteSpace(contentEncoding) && !contentEncoding.Trim().Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return (default, WebhookRefusal.UnsupportedType("the body is compressed (Content-Encoding); send it uncompressed"));
        }
        if (string.IsNullOrWhiteSpace(contentType))
        {
            return (BodyFormat.Json, null);
        }
        var rest = contentType.AsSpan();
        var type = NextPart(ref rest);
        var isForm = type.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
        if (!isForm && !IsJson(type) && !IsText(type))
        {
            return (default, WebhookRefusal.UnsupportedType("the content type is neither JSON nor text nor application/x-www-form-urlencoded"));
        }
        while (!rest.IsEmpty)
        {
            var parameter = NextPart(ref rest);
            const string Charset = "charset=";
            if (parameter.StartsWith(Charset, StringComparison.OrdinalIgnoreCase))
            {
                var charset = parameter[Charset.Length..].Trim('"');
                if (!charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                    && !charset.Equals("utf8", StringComparison.OrdinalIgnoreCase))
                {
                    return (default, WebhookRefusal.UnsupportedType("the content type's charset is not utf-8"));
                }
            }
        }
        return (isForm ? BodyFormat.Form : BodyFormat.Json, null);
    }

    private static bool IsJson(ReadOnlySpan<char> type) =>
        type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        // RFC 6839, section 3.1.
        || (type.IndexOf('/') > 0 && type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    /// <summary>What clients send that were not told a type.</summary>
    private static bool IsText(ReadOnlySpan<char> type) => type.StartsWith("text/", StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> NextPart(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(';');
        var part = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return part.Trim();
    }
}
