using System.Text.Json;
using System.Text.Json.Serialization;

namespace SalesBrain.Core.Values;

/// <summary>
/// JSON for the database, in columns and as arguments of its functions: members have the names of columns, null is left out.
/// </summary>
public static class ColumnJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
