using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace SalesBrain.Core.Values;

/// <summary>
/// How C# names are written in JSON, query parameters and the database: in snake_case, <c>InProgress</c> as <c>in_progress</c>. Roles
/// have a table of their own (<see cref="Access.Roles"/>).
/// </summary>
public static class WireNames
{
    private static readonly ConcurrentDictionary<Type, FrozenDictionary<string, object>> ValuesByType = new();

    /// <summary>The wire name of a member, a parameter or an enum value with this C# name.</summary>
    public static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary>The wire name of an enum value. Throws <see cref="KeyNotFoundException"/> if the enum does not declare the value.</summary>
    public static string ToWireName<TEnum>(this TEnum value) where TEnum : struct, Enum => Table<TEnum>.Names[value];

    /// <summary>Finds the enum value with exactly this wire name.</summary>
    public static bool TryParse<TEnum>(string text, out TEnum value) where TEnum : struct, Enum =>
        Table<TEnum>.Values.TryGetValue(text, out value);

    /// <summary>The same for an enum type that is known at run time only.</summary>
    public static bool TryParse(Type enumType, string text, [NotNullWhen(true)] out object? value) =>
        ValuesByType.GetOrAdd(enumType, ReadValues).TryGetValue(text, out value);

    /// <summary>The wire names of an enum, in the order of its values.</summary>
    public static IEnumerable<string> AllOf(Type enumType) => Enum.GetNames(enumType).Select(Of);

    private static FrozenDictionary<string, object> ReadValues(Type enumType) =>
        Enum.GetValues(enumType).Cast<object>().ToFrozenDictionary(value => Of(value.ToString()!), StringComparer.Ordinal);

    private static class Table<TEnum> where TEnum : struct, Enum
    {
        public static readonly FrozenDictionary<TEnum, string> Names =
            Enum.GetValues<TEnum>().ToFrozenDictionary(value => value, value => Of(value.ToString()));

        public static readonly FrozenDictionary<string, TEnum> Values =
            Enum.GetValues<TEnum>().ToFrozenDictionary(value => Of(value.ToString()), StringComparer.Ordinal);
    }
}
