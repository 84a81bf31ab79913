using System.Text.Json;

namespace SalesBrain.Tests.App;

/// <summary>Inputs from public bug reports, with what is expected of them.</summary>
public static class PublicCases
{
    /// <summary>The input of a case by its id, such as <c>P46</c>. <c>%N%</c> is replaced by a number that no other test has.</summary>
    public static JsonElement Input(string id)
    {
        var file = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "public-cases"), id + "-*.json").Single();
        var text = File.ReadAllText(file).Replace("%N%", Random.Shared.NextInt64(1_000_000_000_000).ToString(), StringComparison.Ordinal);
        return JsonElement.Parse(text).GetProperty("input");
    }
}
