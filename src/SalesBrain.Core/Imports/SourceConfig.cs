using System.Text.Json;

namespace SalesBrain.Core.Imports;

/// <summary>What all types of data sources have in common in their settings.</summary>
public static class SourceConfig
{
    private static readonly string[] Addresses = ["base_url", "url", "token_url"];

    /// <summary>Whether two settings name different servers, so that a test of the one says nothing about the other.</summary>
    public static bool NamesOtherServer(JsonElement before, JsonElement after) =>
        Addresses.Any(name => AddressIn(before, name) != AddressIn(after, name))
        || Addresses.Any(name => AddressIn(AuthIn(before), name) != AddressIn(AuthIn(after), name));

    private static JsonElement AuthIn(JsonElement config) =>
        config.ValueKind == JsonValueKind.Object && config.TryGetProperty("auth", out var auth) ? auth : default;

    private static string? AddressIn(JsonElement config, string name) =>
        config.ValueKind == JsonValueKind.Object && config.TryGetProperty(name, out var value) ? value.GetRawText() : null;
}
