using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Net.Http.Headers;

namespace SalesBrain.Functions.Http.Responses;

/// <summary>
/// Writes every JSON response: snake_case, or camelCase for <c>Accept: application/json; case=camel</c>. Both hosts use it, so that their
/// own JSON settings do not matter.
/// </summary>
public static class JsonResponse
{
    /// <summary>Names in snake_case.</summary>
    public static JsonSerializerOptions Snake { get; } = Options(JsonNamingPolicy.SnakeCaseLower);

    /// <summary>Names in camelCase.</summary>
    public static JsonSerializerOptions Camel { get; } = Options(JsonNamingPolicy.CamelCase);

    internal static Task WriteAsync<T>(HttpContext context, int status, T body, string contentType = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType + "; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, body, OptionsFor(context.Request), context.RequestAborted);
    }

    /// <summary>The spelling of names the caller asked for.</summary>
    public static JsonSerializerOptions OptionsFor(HttpRequest request) => WantsCamelCase(request) ? Camel : Snake;

    private static bool WantsCamelCase(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || !accept.ToString().Contains("case", StringComparison.OrdinalIgnoreCase)
            || !MediaTypeHeaderValue.TryParseList(accept, out var types))
        {
            return false;
        }
        return types.Any(type => type.Parameters.Any(parameter =>
            parameter.Name.Equals("case", StringComparison.OrdinalIgnoreCase)
                && parameter.Value.Equals("camel", StringComparison.OrdinalIgnoreCase)));
    }

    private static JsonSerializerOptions Options(JsonNamingPolicy names)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.General)
        {
            PropertyNamingPolicy = names,
            // Responses are never embedded in HTML, so text needs no HTML escaping.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new UtcDateTimeConverter(), new StoredJsonConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>
    /// Writes stored JSON as it is: names keep their spelling, any depth can be written, and half a surrogate pair, which senders do send,
    /// does not fail.
    /// </summary>
    private sealed class StoredJsonConverter : JsonConverter<JsonElement>
    {
        public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonElement.ParseValue(ref reader);

        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options)
        {
            if (value.ValueKind == JsonValueKind.Undefined)
            {
                writer.WriteNullValue();
                return;
            }
            writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
        }
    }

    /// <summary>RFC 3339 in UTC, fractions only as far as there are any.</summary>
    private sealed class UtcDateTimeConverter : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTime().ToUniversalTime();

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
            writer.WriteStringValue(DateTime.SpecifyKind(value, DateTimeKind.Utc));
    }
}
