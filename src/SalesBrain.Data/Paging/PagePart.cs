using SalesBrain.Core.Paging;

namespace SalesBrain.Data.Paging;

/// <summary>
/// A part of a sorted list: the rows that have the sort key, or after them those that lack it. They are read apart, so that one index
/// serves both directions.
/// </summary>
internal sealed record PagePart(int Number, IReadOnlyList<string> Conditions, string Order)
{
    /// <summary>The parts that a page can have rows of.</summary>
    internal static IEnumerable<PagePart> Of(PageStart start)
    {
        if (start.After is not { Key: null })
        {
            yield return WithKey(start);
        }
        if (start.Key.IsOptional)
        {
            yield return WithoutKey(start);
        }
    }

    private static PagePart WithKey(PageStart start)
    {
        var (key, direction, beyond) = (start.Key, Direction(start), Beyond(start));
        List<string> conditions = key.IsOptional ? [$"{key.Sql} is not null"] : [];
        if (start.After is not null && key.IsApartFromId)
        {
            // No index can begin at a pair that is in two tables.
            conditions.Add($"{key.Sql} {beyond}= @afterKey::{key.Type}");
        }
        if (start.After is not null)
        {
            conditions.Add($"({key.Sql}, {key.IdSql}) {beyond} (@afterKey::{key.Type}, @afterId::uuid)");
        }
        return new(1, conditions, $"{key.Sql} {direction}, {key.IdSql} {direction}");
    }

    private static PagePart WithoutKey(PageStart start)
    {
        var (key, direction) = (start.Key, Direction(start));
        List<string> conditions = [$"{key.Sql} is null"];
        if (start.After is { Key: null })
        {
            conditions.Add($"{key.IdSql} {Beyond(start)} @afterId::uuid");
        }
        // All keys are null. The order names the key where that leads to the index which has the rows by id.
        return new(2, conditions, key.IsApartFromId ? $"{key.IdSql} {direction}" : $"{key.Sql} {direction}, {key.IdSql} {direction}");
    }

    private static string Direction(PageStart start) => start.Descending ? "desc" : "asc";

    private static string Beyond(PageStart start) => start.Descending ? "<" : ">";
}
