using System.Buffers;
using System.Text;
using System.Text.Json;
using SalesBrain.Core.Values;

namespace SalesBrain.Integrations.People;

/// <summary>Cleans what a source says about a person. Empty values become null.</summary>
internal static class PersonText
{
    internal const int MaxName = 200;
    internal const int MaxPhone = 50;
    internal const int MaxUrl = 500;
    internal const int MaxExternalId = 200;
    internal const int MaxData = 16 * 1024;

    private static readonly SearchValues<char> PhoneCharacters = SearchValues.Create("0123456789+()-./ xX#,;");

    internal static string? Name(string? text) => NameText.Clean(text, MaxName);

    /// <summary>The address; null if the text holds no deliverable one.</summary>
    internal static string? Email(string? text) => Emails.Clean(text)?.Address;

    internal static string? ExternalId(string? text) =>
        text?.Trim() is { Length: > 0 and <= MaxExternalId } id && !id.Contains('\0') ? id : null;

    /// <summary>A profile on LinkedIn; null if it is none.</summary>
    internal static string? LinkedinUrl(string? text)
    {
        var trimmed = text?.Trim();
        if (string.IsNullOrEmpty(trimmed) || trimmed.Length > MaxUrl)
        {
            return null;
        }
        var absolute = trimmed.Contains("://", StringComparison.Ordinal) ? trimmed : $"https://{trimmed}";
        return Uri.TryCreate(absolute, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0
            && (url.Host.Equals("linkedin.com", StringComparison.OrdinalIgnoreCase) || url.Host.EndsWith(".linkedin.com", StringComparison.OrdinalIgnoreCase))
                ? url.AbsoluteUri
                : null;
    }

    /// <summary>A phone number: in E.164 if the country is known or part of the number, otherwise as written.</summary>
    internal static string? Phone(string? text, string? country)
    {
        var trimmed = NameText.Clean(text, MaxPhone);
        if (trimmed is null || trimmed.Count(char.IsDigit) < 3
            || trimmed.AsSpan().IndexOfAnyExcept(PhoneCharacters) >= 0 && !trimmed.Any(char.IsAsciiDigit))
        {
            return null;
        }
        return Phones.ToE164(trimmed, country) ?? trimmed;
    }

    /// <summary>
    /// An object of what else a source says; null if nothing is left. Members that do not fit into the limit are left out.
    /// </summary>
    internal static JsonElement? Data(params IEnumerable<KeyValuePair<string, JsonElement?>> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        var (size, count) = (2, 0);
        writer.WriteStartObject();
        foreach (var (name, value) in members)
        {
            if (value is not { } json || json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            {
                continue;
            }
            var text = json.GetRawText();
            size += Encoding.UTF8.GetByteCount(name) * 2 + Encoding.UTF8.GetByteCount(text) + 8;
            if (size > MaxData || !FreeJson.IsShallow(json) || HasUnstorable(text))
            {
                continue;
            }
            writer.WritePropertyName(name);
            json.WriteTo(writer);
            count++;
        }
        writer.WriteEndObject();
        writer.Flush();
        if (count == 0)
        {
            return null;
        }
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    internal static KeyValuePair<string, JsonElement?> Member(string name, JsonElement? value) => new(name, value);

    internal static KeyValuePair<string, JsonElement?> Member(string name, string? value) =>
        new(name, value is null ? null : JsonSerializer.SerializeToElement(value));

    /// <summary>PostgreSQL cannot store a NUL or a lone surrogate.</summary>
    private static bool HasUnstorable(string json) =>
        json.Contains("\\u0000", StringComparison.Ordinal) || json.Contains("\\ud", StringComparison.OrdinalIgnoreCase);
}
