using SalesBrain.Core.Paging;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Paging;

/// <summary>
/// What else the rows of a page must have, where row-level security keeps an index from finding them by it. A definer function finds their
/// ids through the index. The statement follows it where few rows match. A common match is met soon by reading the list in order, with the
/// condition. Both are in the statement, and it chooses by the number of ids, so that a page stays one round trip.
/// </summary>
/// <param name="Condition">What a row that is read must fulfil.</param>
/// <param name="Parameters">An object whose properties are the parameters of condition and function.</param>
internal sealed record Finder(string Condition, object Parameters)
{
    /// <summary>How many ids a function is asked for: one more than are followed.</summary>
    internal const int Probe = Followed + 1;

    private const int Followed = 1000;

    /// <summary>
    /// The call of the function, for <see cref="Probe"/> ids at most. Null where the caller sees only a part of what the function finds:
    /// then the list is read in order.
    /// </summary>
    internal string? Function { get; init; }

    /// <summary>The table that the condition needs beside the list's own.</summary>
    internal JoinedTable? Joined { get; init; }

    /// <summary>What goes before a statement that has the conditions.</summary>
    internal string With => Function is null ? "" : $"with found as materialized (select s.id from {Function} s)\n";

    /// <summary>The ways to find rows. Only one of them finds any.</summary>
    internal IReadOnlyList<string> Conditions => Function is null
        ? [Condition]
        : [
            $"(select count(*) from found) <= {Followed} and t.id in (select f.id from found f)",
            $"(select count(*) from found) > {Followed} and {Condition}",
        ];

    /// <summary>
    /// By a term in <c>search_text</c> of the list's own table; null without a term. The function looks into a whole organization, or all
    /// of them: it is not for people of an agency or a client.
    /// </summary>
    internal static Finder? OfTerm(string? search, string table, SessionScope scope, Guid? organizationId)
    {
        if (SearchTerm.Of(search) is not { } term)
        {
            return null;
        }
        var function = $"app.search_rows('{table}', @searchOrganizationId, @searchPattern, {Probe})";
        return new(
            "strpos(t.search_text, @searchTerm) > 0",
            new { searchOrganizationId = organizationId, searchPattern = term.Pattern, searchTerm = term.Text })
        {
            Function = scope is { AgencyId: null, ClientId: null } ? function : null,
        };
    }
}
