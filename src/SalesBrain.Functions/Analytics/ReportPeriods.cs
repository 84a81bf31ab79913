using SalesBrain.Core.Analytics;

namespace SalesBrain.Functions.Analytics;

/// <summary>Reads a report's period from its parameters.</summary>
public sealed class ReportPeriods(TimeZoneNames zones)
{
    internal const string ZoneRule = "must be the IANA name of a time zone, such as Europe/Paris";

    /// <summary>
    /// The period, and the time zone if the caller named one. What is wrong goes to <paramref name="errors"/>.
    /// </summary>
    internal async Task<(ReportPeriod? Period, string? TimeZone)> ReadAsync(Call call, PeriodQuery input, InputErrors errors)
    {
        var (period, parameter, message) = ReportPeriod.Read(input.Range, input.DateFrom, input.DateTo, input.GroupBy, call.Now);
        if (period is null)
        {
            errors.Add(parameter, message);
        }
        var zone = input.Tz is null ? null : await zones.FindAsync(input.Tz, call.CancellationToken);
        if (input.Tz is not null && zone is null)
        {
            errors.Add("tz", ZoneRule);
        }
        return (period, zone);
    }
}
