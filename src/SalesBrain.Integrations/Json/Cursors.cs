using System.Text.Json;

namespace SalesBrain.Integrations.Json;

/// <summary>Cursors are small JSON objects. They are stored with the job and never come from a caller.</summary>
internal static class Cursors
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    internal static string Write<T>(T cursor) => JsonSerializer.Serialize(cursor, Options);

    /// <exception cref="SourceException"><c>bad_request</c>: the cursor is of another adapter or of another version.</exception>
    internal static T Read<T>(string cursor)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(cursor, Options) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new SourceException(SourceErrors.BadRequest, "The job's position cannot be read. Start a new job.");
        }
    }
}
