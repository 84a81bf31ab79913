using System.Text.Json;

namespace SalesBrain.Tests.App;

/// <summary>An input from a public bug report, with what it must lead to.</summary>
public static class PublicCase
{
    private static int _number = Environment.ProcessId * 1000;

    /// <summary>The case's input. Every <c>%N%</c> in it is one number that no other reading gets.</summary>
    public static JsonElement Input(string id)
    {
        var file = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "public-cases"), id + "-*.json").Single();
        var text = File.ReadAllText(file).Replace("%N%", Interlocked.Increment(ref _number).ToString(), StringComparison.Ordinal);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.GetProperty("input").Clone();
    }

    /// <summary>The texts of an array.</summary>
    public static string[] Texts(this JsonElement array) => [.. array.EnumerateArray().Select(text => text.GetString()!)];
}
