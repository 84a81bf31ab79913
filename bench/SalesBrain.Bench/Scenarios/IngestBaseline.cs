using SalesBrain.Bench.Data;
using SalesBrain.Bench.Load;

namespace SalesBrain.Bench.Scenarios;

/// <summary><c>bench/sql/store_event.sql</c> as pgbench scripts: the same rows, a transaction per event, no HTTP.</summary>
internal static class IngestBaseline
{
    /// <summary>One statement, which is one round trip and one transaction: the least that storing an event on its own can cost.</summary>
    public static string OneStatement(string repository) => $"""
        \set organization random(1, {BenchWorld.Organizations})
        \set contact random(1, {EventLoad.Contacts})
        \set n random(1, 9000000000000000000)
        {ReadStatement(repository)};
        """;

    /// <summary>The values that do not change.</summary>
    public static Dictionary<string, string> Variables(EventLoad load) => new()
    {
        ["type"] = EventLoad.Unprocessed[0],
        ["campaign"] = "4ea94d08-0000-4000-8000-000000000007",
        ["campaign_name"] = "Outreach 000000000007",
        ["headers"] = """{"content-type": "application/json", "user-agent": "wrk"}""",
        ["body"] = load.Body(DateTimeOffset.UnixEpoch, EventLoad.Unprocessed[0], EventLoad.Contacts / 2),
    };

    /// <summary>pgbench knows only numbers and constants: what an app computes, PostgreSQL makes out of a random number.</summary>
    private static string ReadStatement(string repository) =>
        File.ReadAllText(Path.Combine(repository, "bench", "sql", "store_event.sql")).Trim()
            .Replace(":organization::uuid", "lpad(to_hex(:organization::int), 32, '0')::uuid", StringComparison.Ordinal)
            .Replace(":endpoint::uuid", "organization_id", StringComparison.Ordinal)
            .Replace(":key", "sha256(int8send(:n))", StringComparison.Ordinal)
            .Replace(":id::uuid", "md5(:n::bigint::text)::uuid", StringComparison.Ordinal)
            .Replace(":received::timestamptz", "date_trunc('milliseconds', now())", StringComparison.Ordinal)
            .Replace(":occurred::timestamptz", "date_trunc('milliseconds', now())", StringComparison.Ordinal)
            .Replace(":contact,", "'lead' || :contact || '@example.org',", StringComparison.Ordinal)
            .Replace(":body", "convert_to(:body, 'UTF8')", StringComparison.Ordinal);
}
