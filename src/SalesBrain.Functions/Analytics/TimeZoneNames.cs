using System.Collections.Frozen;
using SalesBrain.Data.Organizations;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Analytics;

/// <summary>
/// The IANA names of the time zones that the database knows. In SQL <c>at time zone</c> also takes abbreviations and POSIX rules, whose
/// signs are the other way round. PostgreSQL reads a file for each name (about 90 ms for all), so an instance asks once a day.
/// </summary>
public sealed class TimeZoneNames(SalesBrainDatabase database, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    private volatile Known? _known;

    /// <summary>The usual spelling of a name in any letter case; null if it is none.</summary>
    internal async Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var known = _known;
        if (known is null || clock.GetUtcNow() - known.ReadAt >= KeptFor)
        {
            var names = await OrganizationTable.ListTimezonesAsync(database.ReadPlatform(), cancellationToken);
            _known = known = new(names.ToFrozenSet(StringComparer.OrdinalIgnoreCase), clock.GetUtcNow());
        }
        return known.Names.TryGetValue(name, out var usual) ? usual : null;
    }

    private sealed record Known(FrozenSet<string> Names, DateTimeOffset ReadAt);
}
