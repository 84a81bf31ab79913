using System.Data;
using System.Text.Json;
using Dapper;
using Npgsql;
using NpgsqlTypes;
using SalesBrain.Core.Values;

namespace SalesBrain.Data.Sessions;

/// <summary>Maps column types to .NET types, for the whole process.</summary>
internal static class DapperTypes
{
    private static readonly Lock Gate = new();
    private static bool _registered;

    internal static void Register()
    {
        lock (Gate)
        {
            if (_registered)
            {
                return;
            }
            DefaultTypeMap.MatchNamesWithUnderscores = true;
            SqlMapper.AddTypeHandler(new JsonElementHandler());
            _registered = true;
        }
    }

    /// <summary>jsonb ↔ <see cref="JsonElement"/>.</summary>
    private sealed class JsonElementHandler : SqlMapper.TypeHandler<JsonElement>
    {
        private static readonly JsonDocumentOptions Stored = new() { MaxDepth = FreeJson.StoredDepth };

        public override JsonElement Parse(object value)
        {
            using var document = JsonDocument.Parse((string)value, Stored);
            return document.RootElement.Clone();
        }

        public override void SetValue(IDbDataParameter parameter, JsonElement value)
        {
            parameter.Value = value.ValueKind == JsonValueKind.Undefined ? DBNull.Value : value.GetRawText();
            ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Jsonb;
        }
    }
}
