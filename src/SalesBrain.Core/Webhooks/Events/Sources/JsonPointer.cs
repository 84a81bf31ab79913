using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SalesBrain.Core.Webhooks.Events.Sources;

/// <summary>A JSON Pointer (RFC 6901) to a member or an array's element, such as <c>/data/contacts/0/email</c>.</summary>
public sealed partial class JsonPointer
{
    /// <summary>The form that <see cref="Parse"/> accepts: 1 to 16 tokens in at most 200 characters.</summary>
    public const string Pattern = "^(/([^~/]|~[01])*){1,16}$";

    /// <summary>Longest pointer, in characters.</summary>
    public const int MaxLength = 200;

    private readonly string[] tokens;

    private JsonPointer(string[] tokens) => this.tokens = tokens;

    /// <summary>The pointer; null if the text is none, or longer than is allowed.</summary>
    public static JsonPointer? Parse(string text) =>
        text.Length <= MaxLength && Form().IsMatch(text)
            ? new([.. text[1..].Split('/').Select(token => token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))])
            : null;

    /// <summary>The value it points to; undefined if there is none. Of duplicate members the last one counts.</summary>
    internal JsonElement Find(JsonElement json)
    {
        foreach (var token in tokens)
        {
            json = json.ValueKind switch
            {
                JsonValueKind.Object => Member(json, token),
                JsonValueKind.Array => Element(json, token),
                _ => default,
            };
        }
        return json;
    }

    private static JsonElement Member(JsonElement json, string token)
    {
        var found = default(JsonElement);
        foreach (var property in json.EnumerateObject())
        {
            var raw = JsonMarshal.GetRawUtf8PropertyName(property);
            if (raw.Contains((byte)'\\') ? PayloadText.Name(raw, MaxLength) == token : property.NameEquals(token))
            {
                found = property.Value;
            }
        }
        return found;
    }

    private static JsonElement Element(JsonElement json, string token) =>
        (token == "0" || token is not ['0', ..]) && int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < json.GetArrayLength()
            ? json[index]
            : default;

    [GeneratedRegex(Pattern, RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
