using System.Text;
using System.Text.Json;
using Npgsql;

namespace SalesBrain.Tests.App;

/// <summary>The plans that PostgreSQL logs for an app's database (<see cref="MillionApp"/>).</summary>
internal static class PlanLog
{
    /// <summary>The tables that the plans of the statements which ran meanwhile read as a whole, each with its plan.</summary>
    public static async Task<List<string>> WholeTablesAsync(this TestApp app, Func<Task> during)
    {
        var mark = $" {new NpgsqlConnectionStringBuilder(app.Database.Owner).Database} ";
        var before = TestCluster.LogLength;
        await during();
        var plans = await ReadAsync(mark, before);
        Assert.NotEmpty(plans);
        return [.. plans.SelectMany(plan => Nodes(plan.GetProperty("Plan")))
            .Where(node => node.GetProperty("Node Type").GetString() == "Seq Scan" && node.TryGetProperty("Relation Name", out _))
            .Select(node => node.GetProperty("Relation Name").GetString()!)];
    }

    private static async Task<List<JsonElement>> ReadAsync(string mark, long from)
    {
        var (plans, text) = (new List<JsonElement>(), (StringBuilder?)null);
        foreach (var line in await TestCluster.ReadLogFromAsync(from))
        {
            if (line.StartsWith('\t'))
            {
                text?.AppendLine(line);
                continue;
            }
            Add();
            text = line.Contains(mark, StringComparison.Ordinal) && line.EndsWith(" plan:", StringComparison.Ordinal) ? new() : null;
        }
        Add();
        return plans;

        void Add()
        {
            if (text is not null)
            {
                plans.Add(JsonElement.Parse(text.ToString()));
            }
        }
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement node) =>
        node.TryGetProperty("Plans", out var children) ? children.EnumerateArray().SelectMany(Nodes).Prepend(node) : [node];
}
